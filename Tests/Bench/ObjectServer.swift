import CCurl  // its headers bring the names of sockets
import Glibc
import Warehouse

/// A bucket of small objects on the loopback, as fast as one process can be: what is measured
/// against it is whoever asks. Every object is the same song. Runs in a process of its own.
///
/// `bench serve-objects COUNT MILLISECONDS` answers each request after so many milliseconds, writes
/// its port on one line and ends with its standard input.
struct ObjectServer: Sendable {
  static let bucket = "bench"
  private static let pageLength = 1000

  private static let song = """
    {"num_songs": 1, "artist_id": "ARD7TVE1187B99BFB1", "artist_latitude": null, \
    "artist_longitude": null, "artist_location": "California - LA", "artist_name": "Casual", \
    "song_id": "SOMZWCG12A8C13C480", "title": "I Didn't Mean To", "duration": 218.93179, "year": 0}
    """
  private static let etag = "33e2f5f6c3b4a1a446eaa1baaecab402"

  private let delay: UInt32
  private let object: [UInt8]
  /// The pages of the listing.
  private let pages: [[UInt8]]

  init(count: Int, milliseconds: Int) {
    delay = UInt32(milliseconds) * 1000
    object = Self.answer(Self.song, "ETag: \"\(Self.etag)\"\r\n")
    pages = stride(from: 0, to: max(1, count), by: Self.pageLength).map { start in
      let end = min(count, start + Self.pageLength)
      return Self.page(start..<end, isLast: end == count)
    }
  }

  /// The path of an object below the bucket.
  static func key(_ index: Int) -> String {
    let digits = String(index)
    return "songs/\(String(repeating: "0", count: max(0, 7 - digits.count)))\(digits).json"
  }

  private static func page(_ range: Range<Int>, isLast: Bool) -> [UInt8] {
    var text = "<ListBucketResult>"
    for index in range {
      text += "<Contents><Key>\(key(index))</Key><Size>\(song.utf8.count)</Size>"
      text += "<LastModified>2018-11-01T00:00:00.000Z</LastModified></Contents>"
    }
    text += isLast ? "<IsTruncated>false</IsTruncated>" : "<IsTruncated>true</IsTruncated>"
    if !isLast {
      text += "<NextContinuationToken>\(range.upperBound / pageLength)</NextContinuationToken>"
    }
    return answer(text + "</ListBucketResult>", "")
  }

  private static func answer(_ body: String, _ headers: String) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)".utf8)
  }

  /// Serves until nobody is interested any more. Never returns.
  func run() throws(WarehouseError) -> Never {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 128) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard isListening else { throw WarehouseError(.system, "could not listen on the loopback") }
    say("\(UInt16(bigEndian: address.sin_port))")
    Self.thread {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      exit(0)
    }
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      Self.thread { serve(connection) }
    }
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var one: Int32 = 1
    setsockopt(
      connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    var filled = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        read(connection, bytes.baseAddress?.advanced(by: filled), bytes.count - filled)
      }
      guard count > 0 else { return }
      filled += count
      // Requests have no bodies, and nobody sends the next before the answer.
      guard filled >= 4, buffer[filled - 4..<filled].elementsEqual("\r\n\r\n".utf8) else {
        continue
      }
      if delay > 0 { usleep(delay) }
      let answer = answer(to: buffer[..<filled])
      let sent = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
      guard sent == answer.count else { return }
      filled = 0
    }
  }

  private func answer(to request: ArraySlice<UInt8>) -> [UInt8] {
    // GET /bench/songs/… or GET /bench?continuation-token=…
    guard request.dropFirst(5 + Self.bucket.utf8.count).prefix(2).contains(UInt8(ascii: "?")) else {
      return object
    }
    let line = String(decoding: request.prefix { $0 != 13 }, as: UTF8.self)
    guard let token = line.firstRange(of: "continuation-token=") else { return pages[0] }
    let page = Int(line[token.upperBound...].prefix { $0.isNumber }) ?? 0
    return pages.indices.contains(page) ? pages[page] : pages[0]
  }

  /// Starts a thread that ends with `body`.
  static func thread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
  }
}

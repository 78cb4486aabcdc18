import Glibc
import Synchronization

@testable import Warehouse

/// An HTTP server on the loopback that answers with given bytes, one answer a connection, and keeps
/// what it was asked. Then it closes the connection, whatever was promised.
final class ScriptedServer: Sendable {
  let port: Int
  private let listener: Int32
  private let answers: Mutex<[String]>
  private let heard = Mutex<[String]>([])
  private let whenAsked: (@Sendable () -> Void)?

  /// The requests so far: request line, headers, body.
  var requests: [String] { heard.withLock { $0 } }

  /// - Parameter whenAsked: is called with each request, which then waits for its answer until the
  ///   other side gives up.
  init(_ answers: [String], whenAsked: (@Sendable () -> Void)? = nil) throws {
    self.answers = Mutex(answers)
    self.whenAsked = whenAsked
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard isListening else { throw WarehouseError(.system, "could not listen") }
    port = Int(UInt16(bigEndian: address.sin_port))
    _ = Threads.start { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        self?.answer(connection)
        close(connection)
      }
      // Here and not in deinit: its number may be another's at once.
      close(listener)
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private func answer(_ connection: Int32) {
    let request = Self.readRequest(connection)
    heard.withLock { $0.append(request) }
    if let whenAsked {
      whenAsked()
      var byte: UInt8 = 0
      _ = read(connection, &byte, 1)
      return
    }
    let answer = answers.withLock { answers in
      answers.count > 1 ? answers.removeFirst() : answers.first ?? ""
    }
    var bytes = Array(answer.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// The head and as much of the body as was promised; of a long body only its beginning is kept.
  private static func readRequest(_ connection: Int32) -> String {
    var kept: [UInt8] = []
    var rest = Int.max
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while rest > 0 {
      let count = read(connection, &chunk, chunk.count)
      guard count > 0 else { break }
      if kept.count < 64 << 10 { kept += chunk[..<count] }
      if rest == Int.max {
        let head = String(decoding: kept, as: UTF8.self)
        guard let end = head.firstRange(of: "\r\n\r\n") else { continue }
        let length = head.split(separator: "\r\n")
          .first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) }
        rest = (length ?? 0) - head[end.upperBound...].utf8.count
      } else {
        rest -= count
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// A whole answer.
  static func answer(_ status: String, _ body: String = "", _ headers: [String] = []) -> String {
    (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers)
      .map { $0 + "\r\n" }.joined() + "\r\n" + body
  }

  /// An error as S3 writes it.
  static func fault(_ status: String, _ code: String, _ headers: [String] = []) -> String {
    answer(status, "<Error><Code>\(code)</Code><Message>m</Message></Error>", headers)
  }
}

extension AWSSettings {
  /// Keys, and nothing that leads away from this machine.
  static func test(endpoint: String, _ variables: [String: String] = [:]) -> AWSSettings {
    var settings = AWSSettings()
    settings.accessKey = Secret("AKIDTESTS")
    settings.secretKey = Secret("hidden-secret")
    settings.region = "us-west-2"
    settings.endpoint = endpoint
    settings.surroundings = .test(variables)
    return settings
  }
}

extension AWSSurroundings {
  /// A home without files, and no machine that may be asked.
  static func test(_ variables: [String: String] = [:], home: String = "/nowhere")
    -> AWSSurroundings
  {
    var all = ["AWS_EC2_METADATA_DISABLED": "true"]
    all.merge(variables) { $1 }
    return AWSSurroundings(homeFolder: home, variables: all.mapValues(Secret.init))
  }
}

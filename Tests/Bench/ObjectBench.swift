import CCurl
import Glibc
import Synchronization
import Warehouse

/// Measures how fast thousands of small objects come out of a bucket and become rows: signed, checked
/// and parsed, beside as many unsigned GETs by libcurl alone, one handle a thread, in turns.
struct ObjectBench {
  /// What some objects took.
  struct Cost {
    var seconds = 0.0
    var cpu = 0.0
    var count = 0

    var rate: Double { Double(count) / max(seconds, 1e-9) }
    /// Microseconds of this process's CPU an object.
    var cpuEach: Double { cpu * 1e6 / Double(max(1, count)) }
  }

  /// How a store answers, and how many read from it.
  struct Case {
    var milliseconds: Int
    var readers: Int
    var count: Int
  }

  static let cases = [
    Case(milliseconds: 0, readers: 4, count: 20_000),
    Case(milliseconds: 0, readers: 32, count: 20_000),
    Case(milliseconds: 20, readers: 16, count: 2_000),
    Case(milliseconds: 20, readers: 32, count: 4_000),
    Case(milliseconds: 20, readers: 64, count: 8_000),
  ]

  let repeats: Int

  func run() throws(WarehouseError) {
    say("")
    say("small objects of a bucket: rows of ours, signed, beside libcurl's unsigned GETs")
    say("delay  readers  objects/s     libcurl  ratio   CPU us  libcurl  ratio")
    for one in Self.cases { try measure(one) }
    let peak = megabytes(ProcessFacts.peakBytes(of: getpid()))
    say("this process's peak memory, both together: \(peak) MB")
  }

  private func measure(_ one: Case) throws(WarehouseError) {
    let server = try ServedObjects(one)
    defer { server.end() }
    var (ours, floors): ([Cost], [Cost]) = ([], [])
    for _ in 0..<max(3, repeats) {
      ours.append(try load(one, server.port))
      floors.append(try get(one, server.port))
    }
    let rate = ours.map(\.rate).median
    let cpu = ours.map(\.cpuEach).median
    let rateRatio = zip(floors, ours).map { $0.rate / $1.rate }.median
    let cpuRatio = zip(ours, floors).map { $0.cpuEach / $1.cpuEach }.median
    say(
      [
        "\(one.milliseconds) ms".shifted(to: 5), String(one.readers).shifted(to: 7),
        fixed(rate, 0).shifted(to: 9), fixed(floors.map(\.rate).median, 0).shifted(to: 10),
        fixed(rateRatio, 2).shifted(to: 5), fixed(cpu, 0).shifted(to: 7),
        fixed(floors.map(\.cpuEach).median, 0).shifted(to: 7), fixed(cpuRatio, 2).shifted(to: 5),
      ].joined(separator: "  "))
  }

  // MARK: Ours

  private func load(_ one: Case, _ port: Int) throws(WarehouseError) -> Cost {
    let options = ConfigurationOptions(
      overrides: [
        "AWS.KEY=AKIDBENCH", "AWS.SECRET=secret", "AWS.REGION=us-west-2",
        "AWS.ENDPOINT_URL=http://127.0.0.1:\(port)",
      ], workingFolder: "/", homeFolder: "/nowhere", environment: [:])
    let client = AWSClient(try Configuration.load(options).aws)
    let store = S3Store(S3Client(client), bucket: ObjectServer.bucket, prefix: "songs/")
    let listing = try store.list(Cancellation())
    return try Self.cost { () throws(WarehouseError) in
      var options = FeedOptions()
      options.consumers = 1
      options.maxReaders = one.readers
      let feed = SourceFeed(listing, in: store, options: options) { _ in }
      let rows = feed.rows(for: .songs)
      var buffer: [UInt8] = []
      while try rows.fill(&buffer) { buffer.removeAll(keepingCapacity: true) }
      return feed.progress.rows
    }
  }

  // MARK: The floor

  private func get(_ one: Case, _ port: Int) throws(WarehouseError) -> Cost {
    try Self.cost { Self.getAll(one, port) }
  }

  private static func getAll(_ one: Case, _ port: Int) -> Int {
    final class Shared: Sendable {
      let next = Atomic<Int>(0)
      let done = Atomic<Int>(0)
      let running = Atomic<Int>(0)
    }
    let shared = Shared()
    for _ in 0..<one.readers {
      shared.running.add(1, ordering: .relaxed)
      ObjectServer.thread {
        let handle = curl_easy_init()
        while let handle {
          let index = shared.next.add(1, ordering: .relaxed).oldValue
          guard index < one.count else { break }
          let url = "http://127.0.0.1:\(port)/\(ObjectServer.bucket)/\(ObjectServer.key(index))"
          if fetch(url, handle) { shared.done.add(1, ordering: .relaxed) }
        }
        if let handle { curl_easy_cleanup(handle) }
        shared.running.subtract(1, ordering: .releasing)
      }
    }
    while shared.running.load(ordering: .acquiring) > 0 { usleep(500) }
    return shared.done.load(ordering: .relaxed)
  }

  private static func fetch(_ url: String, _ handle: UnsafeMutableRawPointer) -> Bool {
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_set_string(handle, CURLOPT_URL, url)
    ccurl_set_receive(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
    return curl_easy_perform(handle) == CURLE_OK
  }

  private static func cost(_ body: () throws(WarehouseError) -> Int) throws(WarehouseError) -> Cost
  {
    let before = rusage.ofThisProcess().cpuSeconds
    let start = ContinuousClock.now
    let count = try body()
    return Cost(
      seconds: (ContinuousClock.now - start).inSeconds,
      cpu: rusage.ofThisProcess().cpuSeconds - before, count: count)
  }
}

/// The server of objects, in a process of its own that ends with this value's `end()`.
private struct ServedObjects {
  let port: Int
  private let connection: Int32
  private let process: pid_t

  init(_ one: ObjectBench.Case) throws(WarehouseError) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw WarehouseError(.system, "could not open a socket")
    }
    connection = ends[0]
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    let words = ["/proc/self/exe", "serve-objects", "\(one.count)", "\(one.milliseconds)"]
    var texts: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    var process: pid_t = 0
    let status = posix_spawn(&process, "/proc/self/exe", &actions, nil, &texts, environ)
    guard status == 0 else { throw WarehouseError(.system, "could not start the server") }
    self.process = process
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    guard let port = Int(String(decoding: line, as: UTF8.self)) else {
      throw WarehouseError(.system, "the server of objects did not start")
    }
    self.port = port
  }

  func end() {
    close(connection)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }
}

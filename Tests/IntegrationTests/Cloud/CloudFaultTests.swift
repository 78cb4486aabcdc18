import Testing

@testable import Warehouse

/// What goes wrong at AWS ends in success, or in an error after which the same command succeeds; and
/// nothing stays behind.
@Suite("Faults at AWS")
struct CloudFaultTests {
  private static let confirmed = [
    "cluster", "teardown", "--confirm", CloudAccount.warehouse, "--no-snapshot",
  ]

  @Test("each call fails once, in turn: every command succeeds, or does so when it is given again")
  func everyCall() async throws {
    let source = try await CloudEndToEndTests.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(source, settings: Self.settings)
    let kinds = ["500", "reset", "502", "503", "short", "bare", "reset-body"]
    for command in Self.life {
      let expected = try await Self.calls(of: command)
      for (index, call) in expected.enumerated() {
        try account.aws.inject(kinds[index % kinds.count], "^\(call)$")
      }
      try await Self.succeed(account, command, within: 3)
      try account.aws.control("faults")
    }
    #expect(try account.remains() == [])
  }

  @Test("each call that changes something is done and its answer is lost: the command succeeds")
  func lostAnswers() async throws {
    let source = try await CloudEndToEndTests.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(source, settings: Self.settings)
    for command in Self.life.dropLast() + [Self.kept] {
      for call in try await Self.calls(of: command == Self.kept ? Self.confirmed : command)
      where !call.contains(":Get") && !call.contains(":Describe") && !call.contains(":List") {
        try account.aws.inject("reset-body", "^\(call)$")
      }
      try await Self.succeed(account, command, within: 1)
      try account.aws.control("faults")
    }
    #expect(try account.remains() == [])
  }

  @Test("each call fails for good, one after another: the error is clear and the next try goes on")
  func forGood() async throws {
    let source = try await CloudEndToEndTests.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(source, settings: Self.settings)
    for command in Self.life where command != ["run"] {
      for call in try await Self.calls(of: command) {
        try account.aws.inject("500", "^\(call)$", times: 100)
        let outcome = try await account.run(command, attempts: 1)
        #expect([0, 1].contains(outcome.status), "\(call): \(outcome.all)")
        if outcome.status == 1 {
          #expect(outcome.errors.contains("sparkify: could not"), "\(call): \(outcome.all)")
        }
        try account.aws.control("faults")
      }
      try await Self.succeed(account, command, within: 1)
    }
    #expect(try account.remains() == [])
  }

  @Test("a cluster that blinks and a role that comes late are waited for")
  func blinking() async throws {
    let source = try await CloudEndToEndTests.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(source)
    try account.aws.inject("flicker", "flicker")
    try account.aws.inject("late-role", "role arn", times: 2)
    try await Self.succeed(account, ["cluster", "provision"], within: 1)
    try account.aws.inject("late-role", "assume arn", times: 1)
    try account.aws.inject("1023", "sql:INSERT INTO", times: 1)
    try await Self.succeed(account, ["run"], within: 2)
    try await Self.succeed(account, Self.confirmed, within: 1)
    #expect(try account.remains() == [])
  }

  @Test("a COPY whose connection is cut is found again, or loaded again: the star is whole")
  func cutCopy() async throws {
    let source = try await CloudEndToEndTests.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(source)
    try await Self.succeed(account, ["cluster", "provision"], within: 1)
    try account.aws.inject("cut", "sql:COPY .*staging_events")
    try await Self.succeed(account, ["run"], within: 2)
    let session = try await account.session()
    #expect(
      try await session.execute("SELECT count(*) FROM sparkify.staging_events").scalar == "200")
    await session.close()
    try await Self.succeed(account, Self.confirmed, within: 1)
  }

  // MARK: Parts

  /// Two nodes: AWS resizes them elastically.
  private static let settings = ["DWH_NUM_NODES=2"]

  /// All that is done to a cluster, in order.
  private static let life = [
    ["cluster", "provision"], ["run"], ["cluster", "snapshot"],
    ["cluster", "resize", "--nodes", "3"], ["cluster", "pause"], ["cluster", "resume"], confirmed,
  ]

  /// A teardown that keeps a last snapshot.
  private static let kept = ["cluster", "teardown", "--confirm", CloudAccount.warehouse]

  /// The calls that a command makes when nothing fails, each once: `service:Action`.
  private static func calls(of command: [String]) async throws -> [String] {
    try await recorded.value[command.joined(separator: " ")] ?? []
  }

  private static let recorded = Task { try await record() }

  private static func record() async throws -> [String: [String]] {
    let source = try await CloudEndToEndTests.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(source, settings: settings)
    var calls: [String: [String]] = [:]
    for command in life {
      let before = try account.aws.calls().count
      try await succeed(account, command, within: 1)
      let made = try account.aws.calls().dropFirst(before).filter { $0.contains(":") }
      calls[command.joined(separator: " ")] = Set(made).sorted()
    }
    return calls
  }

  /// Gives a command until it succeeds, at most so often.
  private static func succeed(
    _ account: CloudAccount, _ command: [String], within tries: Int
  ) async throws {
    var last: Program.Outcome?
    for _ in 0..<tries {
      let outcome = try await account.run(command)
      if outcome.status == 0 { return }
      last = outcome
    }
    try #require(last == nil, "\(command.joined(separator: " ")): \(last?.all ?? "")")
  }
}

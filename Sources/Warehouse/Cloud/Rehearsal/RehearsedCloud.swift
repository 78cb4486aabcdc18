import Synchronization

/// AWS as it would answer, without a network: an account of its own, in memory.
///
/// A dry run plays on it, so that what is shown is what the program does and not a second telling
/// of it. It refuses what AWS's documentation says that AWS refuses.
final class RehearsedCloud: CloudCalls {
  /// What is to happen to a call besides being answered.
  enum Fate {
    case answered
    /// It does not arrive.
    case lost(WarehouseError)
    /// It arrives and is done, and the answer is lost.
    case unheard(WarehouseError)
  }

  struct State {
    var roles: [String: RehearsedRole] = [:]
    var groups: [String: EC2Group] = [:]
    var subnetGroups: [String: RedshiftGroup] = [:]
    var parameterGroups: [String: RedshiftGroup] = [:]
    var parameters: [String: [String: String]] = [:]
    var clusters: [String: RehearsedCluster] = [:]
    var namespaces: [String: RehearsedCluster] = [:]
    var workgroups: [String: RehearsedCluster] = [:]
    var snapshots: [RehearsedSnapshot] = []
    /// The types of nodes that can be ordered.
    var nodeTypes = ["ra3.large", "ra3.xlplus", "ra3.4xlarge", "ra3.16xlarge"]
    /// The users who may make schemas, beside the first.
    var mayCreate: Set<String> = []
    /// What was asked, as the command log shows it.
    var calls: [String] = []
    var made = 0
  }

  private let state = Mutex(State())
  private let fate: @Sendable (_ number: Int, _ operation: String) -> Fate
  /// How many looks find something between two states.
  let looks: Int

  /// An empty account.
  ///
  /// - Parameters:
  ///   - looks: how many looks find something between two states.
  ///   - fate: what happens to a call besides, by its number from 1 and its operation.
  init(
    looks: Int = 0,
    fate: @escaping @Sendable (_ number: Int, _ operation: String) -> Fate = { _, _ in .answered }
  ) {
    self.looks = looks
    self.fate = fate
  }

  /// What was asked so far, as the command log shows it.
  var calls: [String] { state.withLock { $0.calls } }

  /// Forgets what was asked, not what is there.
  func forgetCalls() { state.withLock { $0.calls = [] } }

  /// A look at what is there.
  func look<Value>(_ body: (State) -> Value) -> Value { state.withLock { body($0) } }

  /// Changes what is there, as somebody else would.
  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  // MARK: Calls

  func query(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> XMLElement {
    let words = "\(service.name):\(action) \(AWSClient.words(parameters))"
    let form = RehearsedForm(parameters)
    let children = try call(service, action, words, purpose, cancellation) {
      (state: inout State) throws(WarehouseError) -> [XMLElement] in
      switch service.name {
      case "sts":
        return [
          .leaf("Account", Self.account), .leaf("Arn", "arn:aws:iam::\(Self.account):user/you"),
        ]
      case "iam": return try state.iam(action, form)
      case "ec2": return try state.ec2(action, form)
      default: return try state.redshift(action, form, looks: looks)
      }
    }
    return XMLElement(named: action + "Result", children: children)
  }

  func json(
    _ service: AWSService, _ operation: String, _ members: [(String, JSONValue)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    let words = "\(service.name):\(operation) \(AWSClient.words(members))"
    return try call(service, operation, words, purpose, cancellation) {
      (state: inout State) throws(WarehouseError) -> JSONValue in
      try state.serverless(operation, .object(members), looks: looks)
    }
  }

  func callerAddress(_ cancellation: Cancellation) throws(WarehouseError) -> String {
    try call(
      .checkIP, "GetAddress", "checkip:GetAddress", "find this machine's own address", cancellation
    ) { (_: inout State) throws(WarehouseError) -> String in "203.0.113.7\n" }
  }

  func sql(
    _ statement: String, through door: CloudDoor, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [[String?]] {
    let words = "sql as \(door.user): \(statement)"
    return try call(.redshiftServerless, "SQL", words, "run a statement", cancellation) {
      (state: inout State) throws(WarehouseError) -> [[String?]] in
      if statement.hasPrefix("GRANT CREATE") { state.mayCreate.insert("IAM:you") }
      return [[door.user, state.mayCreate.contains(door.user) ? "t" : "f"]]
    }
  }

  private func call<Answer: Sendable>(
    _ service: AWSService, _ operation: String, _ words: String, _ purpose: String,
    _ cancellation: Cancellation,
    _ body: (inout State) throws(WarehouseError) -> Answer
  ) throws(WarehouseError) -> Answer {
    try cancellation.check()
    let (fate, result) = state.withLock { state in
      state.calls.append(words.hasSuffix(" ") ? String(words.dropLast()) : words)
      state.made += 1
      let fate = self.fate(state.made, operation)
      if case .lost(let error) = fate { return (fate, Result<Answer, _>.failure(error)) }
      let result = Result { () throws(WarehouseError) -> Answer in try body(&state) }
      return (fate, result)
    }
    if case .unheard(let error) = fate { throw error }
    do throws(WarehouseError) {
      return try result.get()
    } catch {
      var named = error
      if named.message.isEmpty { named.message = "could not \(purpose)" }
      throw named
    }
  }

  static let account = "123456789012"
}

/// The parameters of a form.
struct RehearsedForm {
  private let values: [String: String]

  init(_ parameters: [(String, String)]) {
    values = Dictionary(parameters, uniquingKeysWith: { first, _ in first })
  }

  subscript(_ name: String) -> String? { values[name] }

  /// A value that must be there.
  func need(_ name: String) throws(WarehouseError) -> String {
    guard let value = values[name], !value.isEmpty else {
      throw .refused("MissingParameter", "the request must contain \(name)")
    }
    return value
  }

  /// The values of a list: `Names.Name.1` and so on.
  func list(_ name: String) -> [String] {
    var found: [String] = []
    while let value = values["\(name).\(found.count + 1)"] { found.append(value) }
    return found
  }

  /// The tags of a list.
  func tags(_ name: String) -> [String: String] {
    var found: [String: String] = [:]
    while let key = values["\(name).\(found.count + 1).Key"] {
      found[key] = values["\(name).\(found.count + 1).Value"] ?? ""
    }
    return found
  }

  /// The values that a filter of EC2 wants; nil when there is no such filter.
  func filter(_ name: String) -> String? {
    for number in 1...9 where values["Filter.\(number).Name"] == name {
      return values["Filter.\(number).Value.1"]
    }
    return nil
  }
}

extension WarehouseError {
  /// What AWS answers when it refuses; the message is the caller's to say.
  static func refused(_ code: String, _ words: String = "") -> WarehouseError {
    var error = WarehouseError(.server, "", detail: "\(code): \(words)")
    error.serviceCode = code
    return error
  }
}

extension XMLElement {
  static func leaf(_ name: String, _ text: String) -> XMLElement {
    XMLElement(named: name, text: text)
  }

  static func node(_ name: String, _ children: [XMLElement]) -> XMLElement {
    XMLElement(named: name, children: children)
  }

  static func tags(
    _ tags: [String: String], _ list: String, _ name: String, _ key: String, _ value: String
  ) -> XMLElement {
    node(
      list,
      tags.sorted { $0.key < $1.key }.map {
        node(name, [leaf(key, $0.key), leaf(value, $0.value)])
      })
  }
}

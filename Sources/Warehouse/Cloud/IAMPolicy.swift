/// A document of IAM's policy language: who may do what to what.
struct IAMPolicy: Sendable, Equatable {
  /// One permission.
  struct Statement: Sendable, Equatable {
    var id: String
    /// The services that may take the role; of trust policies alone.
    var services: [String] = []
    var actions: [String]
    /// ARNs; none in trust policies.
    var resources: [String] = []
    /// Operator, key, values.
    var conditions: [Condition] = []
  }

  /// What must hold besides.
  struct Condition: Sendable, Equatable {
    var comparison: String
    var key: String
    var values: [String]
  }

  var statements: [Statement]

  /// The document.
  var json: JSONValue {
    .object([("Version", .string("2012-10-17")), ("Statement", .array(statements.map(\.json)))])
  }

  /// The document on one line.
  var text: String {
    var text = JSONText()
    text.value(json)
    return text.text
  }

  /// Whether a document says the same, whatever the order of its members.
  func matches(_ document: String) -> Bool {
    guard let other = JSONValue(parsing: Array(document.utf8)) else { return false }
    return other.sortedText == json.sortedText
  }
}

extension IAMPolicy.Statement {
  fileprivate var json: JSONValue {
    func list(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
    var members: [(String, JSONValue)] = [("Sid", .string(id)), ("Effect", .string("Allow"))]
    if !services.isEmpty { members.append(("Principal", .object([("Service", list(services))]))) }
    members.append(("Action", list(actions)))
    if !resources.isEmpty { members.append(("Resource", list(resources))) }
    if !conditions.isEmpty {
      // A document names each operator once.
      var operators: [(String, [(String, JSONValue)])] = []
      for condition in conditions {
        let member = (condition.key, list(condition.values))
        if let index = operators.firstIndex(where: { $0.0 == condition.comparison }) {
          operators[index].1.append(member)
        } else {
          operators.append((condition.comparison, [member]))
        }
      }
      members.append(("Condition", .object(operators.map { ($0, .object($1)) })))
    }
    return .object(members)
  }
}

extension JSONValue {
  /// The text with all members in the order of their names.
  fileprivate var sortedText: String {
    var text = JSONText()
    text.value(sorted)
    return text.text
  }

  private var sorted: JSONValue {
    switch self {
    case .object(let members): .object(members.map { ($0, $1.sorted) }.sorted { $0.0 < $1.0 })
    case .array(let elements): .array(elements.map(\.sorted))
    case .null, .string, .integer, .real, .boolean, .literal: self
    }
  }
}

import Warehouse

extension Command {
  /// `cluster policy`: who may do what.
  static let clusterPolicy = Command(
    name: "cluster policy", usage: "[role|trust|operator]",
    summary: "writes the policies of the Redshift warehouse",
    details: """
      Writes the IAM policies that the configuration means, without asking AWS: what the warehouse's
      role may do (role), who may take that role (trust), and what whoever runs `sparkify cluster …`
      must be allowed to do (operator). With one of these words it writes that document alone.
      """,
    options: [Option(name: "--json", value: nil, help: "all in one JSON object, on one line")]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    let policies = try CloudPolicies(try invocation.configuration())
    var documents = [
      ("role", policies.role), ("trust", policies.trust), ("operator", policies.operator),
    ]
    if let word = invocation.arguments.words.first {
      documents = documents.filter { $0.0 == word }
      guard !documents.isEmpty else {
        throw WarehouseError(
          .usage, "there is no policy \"\(word)\"",
          hint: "The policies are role, trust and operator.")
      }
    }
    write(documents, invocation)
    return .done
  }

  private static func write(_ documents: [(String, String?)], _ invocation: Invocation) {
    let output = invocation.output
    if invocation.isJSON {
      var json = JSONText()
      json.object(documents.map { ($0, $1.map(JSONValue.literal) ?? .null) })
      return output.line(json.text)
    }
    for (index, (name, document)) in documents.enumerated() {
      if index > 0 { output.line() }
      if documents.count > 1 { output.line("# \(name)") }
      guard let document else {
        output.talk("no source lies in a bucket: the role may read nothing")
        continue
      }
      output.line(output.data(JSONLayout.indented(document)))
    }
  }
}

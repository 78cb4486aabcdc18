/// The access list of a schema or a table, as the catalog keeps it: `ana=r*w/owner`,
/// `group staff=r/owner`, `=r/owner` for all, a line each; odd names stand in double quotes
/// (PostgreSQL 8.0 manual, "GRANT", notes). Roles do not stand in it.
enum RedshiftAccessList {
  private struct Entry {
    var kind: String
    var grantee: String
    /// A letter for each privilege, with a star behind what may be granted on.
    var letters: String
  }

  /// What a list grants to others than a user.
  ///
  /// - Parameter table: what the list is of; nil for a schema.
  /// - Throws: `.server` for what cannot be understood, also where it is the user's own.
  static func grants(
    in text: String, of table: String?, besides user: String
  ) throws(WarehouseError) -> [RedshiftGrant] {
    var rest = Substring(text)
    var entries: [Entry] = []
    while !rest.isEmpty {
      guard let entry = entry(&rest) else { throw unreadable(text, table) }
      entries.append(entry)
    }
    var grants: [RedshiftGrant] = []
    for entry in entries where entry.kind != "user" || entry.grantee != user {
      var rest = Substring(entry.letters)
      while let letter = rest.popFirst() {
        let isGrantable = rest.first == "*"
        if isGrantable { rest.removeFirst() }
        if unused.contains(letter) { continue }
        guard let privilege = privileges[letter] else { throw unreadable(text, table) }
        grants.append(
          RedshiftGrant(
            table: table, privilege: privilege, granteeKind: entry.kind, grantee: entry.grantee,
            isGrantable: isGrantable))
      }
    }
    return grants
  }

  /// Takes one entry; nil when it cannot be understood.
  private static func entry(_ rest: inout Substring) -> Entry? {
    var kind = "user"
    if rest.hasPrefix("group ") {
      kind = "group"
      rest = rest.dropFirst("group ".count)
    }
    guard let grantee = name(&rest), rest.popFirst() == "=" else { return nil }
    if grantee.isEmpty { kind = "public" }
    let letters = rest.prefix { $0 != "/" }
    rest = rest.dropFirst(letters.count)
    // Behind the stroke stands who granted it.
    guard rest.popFirst() == "/", name(&rest) != nil, rest.isEmpty || rest.popFirst() == "\n"
    else { return nil }
    return Entry(kind: kind, grantee: grantee, letters: String(letters))
  }

  /// Takes a name, which may be empty; nil for a quote without its end.
  private static func name(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else {
      let plain = rest.prefix { !"=/\n".contains($0) }
      rest = rest.dropFirst(plain.count)
      return String(plain)
    }
    rest.removeFirst()
    var name = ""
    while let character = rest.popFirst() {
      if character != "\"" {
        name.append(character)
      } else if rest.first == "\"" {
        name.append(character)
        rest.removeFirst()
      } else {
        return name
      }
    }
    return nil
  }

  /// What can be granted on a schema or a table of Redshift (developer guide, "GRANT").
  private static let privileges: [Character: String] = [
    "r": "SELECT", "w": "UPDATE", "a": "INSERT", "d": "DELETE", "x": "REFERENCES", "D": "DROP",
    "A": "ALTER", "U": "USAGE", "C": "CREATE",
  ]
  /// What can be granted no more: rules and triggers, which Redshift does not have.
  private static let unused: Set<Character> = ["R", "t"]

  private static func unreadable(_ text: String, _ table: String?) -> WarehouseError {
    WarehouseError(
      .server, "could not read what is granted on \(table ?? "the schema") of the published star",
      detail: text,
      hint: "Publish as a superuser: others do not see all grants, and they would be lost.")
  }
}

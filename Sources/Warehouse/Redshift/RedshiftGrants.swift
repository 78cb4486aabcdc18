/// Something that was granted on the published schema or a table of it.
struct RedshiftGrant: Sendable, Hashable {
  /// The table; nil for the schema itself.
  var table: String?
  var privilege: String
  /// `user`, `group`, `role` or `public`.
  var granteeKind: String
  var grantee: String
  var isGrantable: Bool

  /// Grants the same in `schema`.
  func statement(in schema: String) -> String {
    let object =
      table.map { "TABLE \(TableName(schema, $0).sql)" } ?? "SCHEMA \(Identifier(schema).sql)"
    let whom =
      switch granteeKind {
      case "public": "PUBLIC"
      case "group": "GROUP \(Identifier(grantee).sql)"
      case "role": "ROLE \(Identifier(grantee).sql)"
      default: Identifier(grantee).sql
      }
    return "GRANT \(privilege) ON \(object) TO \(whom)"
      + (isGrantable && granteeKind == "user" ? " WITH GRANT OPTION" : "")
  }
}

/// What was granted on the published star.
struct RedshiftGrants: Sendable {
  private(set) var all: [RedshiftGrant] = []
  /// Who reads them, when grants to roles may be missing: roles stand in no access list, and who is
  /// no superuser sees those alone that he holds or owns. Nil when nothing is missing.
  private(set) var reader: String?

  /// Reads it. Superusers see all of it in the views of privileges; others there "only see
  /// identities they have access to or own" (developer guide, "SVV_RELATION_PRIVILEGES"), so for them
  /// the access lists of the catalog count too, which everybody may read.
  ///
  /// - Throws: `.server` for a list that cannot be understood, before anything is lost.
  static func read(from session: any Session) async throws(WarehouseError) -> RedshiftGrants {
    var grants = RedshiftGrants()
    var found = try await rows(of: [schemaQuery, tableQuery], session).map(grant)
    let account = try await session.execute(Statement(accountQuery)).rows.first ?? []
    if account.text(1) != "t" {
      grants.reader = account.text(0)
      for row in try await rows(of: [schemaLists, tableLists], session) {
        found += try RedshiftAccessList.grants(
          in: row.text(1), of: row.optional(0), besides: account.text(0))
      }
    }
    var known = Set<RedshiftGrant>()
    grants.all = found.filter {
      ($0.table.map(StarSchema.redshiftTables.contains) ?? true) && known.insert($0).inserted
    }
    return grants
  }

  /// The statements that read it.
  static var outline: [String] {
    [
      schemaQuery, tableQuery, accountQuery, "-- where that is no superuser:", schemaLists,
      tableLists,
    ]
  }

  private static func rows(
    of queries: [String], _ session: any Session
  ) async throws(WarehouseError) -> [[String?]] {
    var rows: [[String?]] = []
    for query in queries {
      rows += try await session.execute(Statement(query, .text(StarSchema.published))).rows
    }
    return rows
  }

  static let schemaQuery = """
    SELECT NULL AS relation_name, privilege_type, identity_type, identity_name, admin_option
    FROM svv_schema_privileges
    WHERE namespace_name = $1 AND identity_name <> current_user
      AND upper(privilege_type) IN ('CREATE', 'USAGE', 'ALTER')
    ORDER BY identity_type, identity_name, privilege_type
    """
  static let tableQuery = """
    SELECT relation_name, privilege_type, identity_type, identity_name, admin_option
    FROM svv_relation_privileges
    WHERE namespace_name = $1 AND identity_name <> current_user
    ORDER BY relation_name, identity_type, identity_name, privilege_type
    """
  static let accountQuery = """
    SELECT current_user, (SELECT usesuper FROM pg_catalog.pg_user WHERE usename = current_user)
    """
  static let schemaLists = """
    SELECT NULL AS relname, array_to_string(nspacl, chr(10)) FROM pg_catalog.pg_namespace
    WHERE nspname = $1 AND nspacl IS NOT NULL
    """
  static let tableLists = """
    SELECT c.relname, array_to_string(c.relacl, chr(10)) FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relacl IS NOT NULL
    ORDER BY c.relname
    """

  private static func grant(_ row: [String?]) -> RedshiftGrant {
    RedshiftGrant(
      table: row.optional(0), privilege: row.text(1).uppercased(),
      granteeKind: row.text(2).lowercased(), grantee: row.text(3),
      isGrantable: ["t", "true"].contains(row.text(4).lowercased()))
  }
}

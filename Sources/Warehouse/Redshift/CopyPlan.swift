/// What Redshift's COPY needs to know beside where the records lie.
public struct CopySettings: Sendable, Equatable {
  /// The role that the cluster reads S3 with; nil is the cluster's default role.
  public var roleARN: String?
  /// Where manifests and JSONPaths files may be written; nil when nowhere.
  public var work: DataLocation?
  /// How the fields of an event are found; nil uses the program's own JSONPaths file where there is
  /// a place to write it to, and the members' names elsewhere.
  public var eventPaths: JSONPaths?
  /// The name of the warehouse among those that write to one place; nil when nobody else does.
  public var owner: String?

  /// Settings.
  public init(
    roleARN: String? = nil, work: DataLocation? = nil, eventPaths: JSONPaths? = nil,
    owner: String? = nil
  ) {
    self.roleARN = roleARN
    self.work = work
    self.eventPaths = eventPaths
    self.owner = owner
  }
}

/// How one COPY fills a staging table: what it reads, how it finds the fields, and where they go.
struct CopyPlan: Sendable, Equatable {
  /// What COPY reads.
  enum Input: Sendable, Equatable {
    /// Everything whose key begins with this.
    case prefix(String)
    /// The files of the manifest at this address.
    case manifest(String)

    var url: String {
      switch self {
      case .prefix(let url), .manifest(let url): url
      }
    }
  }

  /// How COPY finds the fields of a record.
  enum Fields: Sendable, Equatable {
    /// By members named exactly like the columns.
    case columns
    /// By the paths of our own file at this address, one for each column.
    case ownPaths(String)
    /// By the paths of somebody's file at this address, which name these members.
    case paths(String, members: [String])
    /// By members named like the columns of the raw table, capitals or not.
    case members
  }

  let table: StagingTable
  var input: Input
  var fields: Fields
  var compression: Compression
  var roleARN: String?
  var region: String?
  var maxRejects: Int

  /// Whether records go through a table of their members first: somebody else's paths have no
  /// timestamp among them, which is the same member a second time.
  var isRaw: Bool {
    switch fields {
    case .columns, .ownPaths: false
    case .paths, .members: true
    }
  }

  /// Makes the tables that COPY fills anew.
  func prepareStatements(_ tables: RedshiftTables) -> [String] {
    let statements = ["DROP TABLE IF EXISTS \(Identifier(table.name).sql)", tables.create(table)]
    guard isRaw else { return statements }
    let lines = rawColumns.map { column in
      "\(Identifier(column.name).sql) \(column.definition)"
        + (column.isRequired ? " NOT NULL" : "")
    }
    return statements + [
      "DROP TABLE IF EXISTS \(rawName)",
      "CREATE TABLE \(rawName) (\n  " + lines.joined(separator: ",\n  ")
        + "\n)\nDISTSTYLE EVEN",
    ]
  }

  /// The COPY itself, with every option stated that decides what is stored.
  var statement: String {
    let target = isRaw ? rawName : Identifier(table.name).sql
    let names = isRaw ? rawColumns.map(\.name) : table.copiedColumns.map(\.name)
    var lines = [
      "COPY \(target) (\(names.map { Identifier($0).sql }.joined(separator: ", ")))",
      "FROM \(input.url.redshiftLiteral)",
      "IAM_ROLE \(roleARN?.redshiftLiteral ?? "default")",
      "FORMAT AS JSON \(json.redshiftLiteral)",
    ]
    if !isRaw, table.copiedColumns.contains(where: { $0.type == .timestamp }) {
      lines.append("TIMEFORMAT 'epochmillisecs'")
    }
    if let region { lines.append("REGION \(region.redshiftLiteral)") }
    if case .manifest = input { lines.append("MANIFEST") }
    switch compression {
    case .none: break
    case .gzip: lines.append("GZIP")
    case .zstd: lines.append("ZSTD")
    }
    lines.append("MAXERROR \(maxError)")
    lines.append("COMPUPDATE OFF")
    lines.append("STATUPDATE \(isRaw ? "OFF" : "ON")")
    return lines.joined(separator: "\n")
  }

  /// Takes the records from the table of their members to the staging table.
  var transferStatements: [String] {
    guard isRaw else { return [] }
    let columns = table.copiedColumns
    let names = columns.map { Identifier($0.name).sql }.joined(separator: ", ")
    let values = columns.map(rawValue).joined(separator: ",\n  ")
    return [
      "INSERT INTO \(Identifier(table.name).sql) (\(names))\nSELECT\n  \(values)\nFROM \(rawName)",
      "DROP TABLE \(rawName)",
    ]
  }

  /// The members that a file of paths must name, as the columns that they fill are never NULL.
  ///
  /// - Throws: `.input` when one is missing.
  func requireMembers() throws(WarehouseError) {
    guard case .paths(let url, let members) = fields else { return }
    let needed = Set(table.copiedColumns.filter(\.isRequired).compactMap(\.member))
    let missing = needed.subtracting(members).sorted()
    guard !missing.isEmpty else { return }
    throw WarehouseError(
      .input, "could not use \(url)",
      detail: "it has no path for \(missing.joined(separator: ", "))",
      hint: "Correct S3.LOG_JSONPATH, or leave it blank and set S3.WORK.")
  }

  /// COPY fails at this many errors: one more than are borne. It bears 99,999 at most.
  private var maxError: Int { maxRejects == 0 ? 0 : min(maxRejects, 99_999) + 1 }

  private var json: String {
    switch fields {
    case .columns: "auto"
    case .ownPaths(let url), .paths(let url, _): url
    case .members: "auto ignorecase"
    }
  }

  // MARK: The table of members

  private var rawName: String { Identifier(table.name + "_raw").sql }

  private struct RawColumn {
    var name: String
    var definition: String
    var isRequired: Bool
  }

  /// One column for each path, in order; without paths, for each member that a column takes. A path
  /// that no column takes has a column too, as COPY wants as many columns as paths.
  private var rawColumns: [RawColumn] {
    let members: [String]
    if case .paths(_, let named) = fields {
      members = named
    } else {
      members = wantedMembers
    }
    var seen: Set<String> = []
    return members.enumerated().map { index, member in
      let column = table.columns.first { $0.value == .member(member) }
      let isNew = seen.insert(member.lowercased()).inserted
      guard let column, isNew else {
        return RawColumn(
          name: "unused_\(index + 1)", definition: "VARCHAR(65535)", isRequired: false)
      }
      return RawColumn(
        name: member.lowercased(), definition: column.redshiftSQL, isRequired: column.isRequired)
    }
  }

  private var wantedMembers: [String] {
    table.columns.compactMap { if case .member(let name) = $0.value { name } else { nil } }
  }

  /// A column's value in terms of the table of members. The time is added up from whole minutes and
  /// milliseconds: both are small enough for DATEADD's numbers, and nothing is rounded.
  private func rawValue(_ column: StagingColumn) -> String {
    let name = column.member.map { $0.lowercased() } ?? ""
    guard rawColumns.contains(where: { $0.name == name }) else {
      return "CAST(NULL AS \(column.type.redshiftSQL))"
    }
    let source = Identifier(name).sql
    guard case .epochMilliseconds = column.value else { return source }
    return "DATEADD(ms, CAST(\(source) % 60000 AS INTEGER), "
      + "DATEADD(minute, CAST(\(source) / 60000 AS INTEGER), TIMESTAMP '1970-01-01 00:00:00'))"
  }
}

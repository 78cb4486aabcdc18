/// The members of sampled records beside the columns that COPY fills from them: COPY says nothing
/// about a name that it does not find, and leaves the column NULL.
struct MemberComparison: Sendable {
  /// A member as the sample has it.
  private struct Seen {
    var bytes: Int
    var file: String
    var line: Int
  }

  private let table: StagingTable
  private var widest: [String: Seen] = [:]
  private(set) var records = 0

  init(_ table: StagingTable) { self.table = table }

  /// Takes in records of a file. What is no record COPY refuses by itself.
  mutating func take(_ sample: [SampledRecord], of file: String) {
    for record in sample where record.refusal == nil && !record.members.isEmpty {
      records += 1
      for member in record.members where widest[member.name]?.bytes ?? -1 < member.byteCount {
        // A number or an object has no width of its own that a text column would refuse later.
        widest[member.name] = Seen(bytes: member.byteCount, file: file, line: record.line)
      }
    }
  }

  /// Whether COPY would find the members, as it looks for them.
  ///
  /// - Returns: what is worth a line: optional members that no record has, values that are too long.
  /// - Throws: `.input` when a member that must be there is in none of the records, or only in other
  ///   capitals.
  func notes(
    for fields: CopyPlan.Fields, source: String
  ) throws(WarehouseError) -> [String] {
    guard records > 0 else { return [] }
    var notes: [String] = []
    var absent: [String] = []
    for column in table.copiedColumns {
      guard let member = column.member else { continue }
      guard let name = name(for: member, fields) else {
        if let other = otherCapitals(of: member) {
          throw capitals(of: member, other, fields, source)
        }
        if column.isRequired { throw missing(member, source) }
        if !absent.contains(member) { absent.append(member) }
        continue
      }
      if case .varchar(let limit) = column.type, let seen = widest[name], seen.bytes > limit {
        notes.append(
          "\(name) has \(seen.bytes) bytes in \(seen.file), line \(seen.line), and "
            + "\(column.name) takes \(limit): COPY will refuse it")
      }
    }
    if !absent.isEmpty {
      notes.append("no record of \(records) looked at has \(absent.joined(separator: ", "))")
    }
    return notes
  }

  /// The name under which COPY finds a member; nil when it does not.
  private func name(for member: String, _ fields: CopyPlan.Fields) -> String? {
    if widest[member] != nil { return member }
    switch fields {
    case .members: return otherCapitals(of: member)
    case .columns, .ownPaths, .paths: return nil
    }
  }

  private func otherCapitals(of member: String) -> String? {
    widest.keys.sorted().first { $0.lowercased() == member.lowercased() }
  }

  private func capitals(
    of member: String, _ other: String, _ fields: CopyPlan.Fields, _ source: String
  ) -> WarehouseError {
    let isAboutEvents = table == .events
    return WarehouseError(
      .input, "could not load \(source)",
      detail: "its records have \(other), and COPY looks for \(member): capitals count",
      hint: isAboutEvents
        ? "Set S3.LOG_JSONPATH to auto, which takes names in any capitals, or to a file of paths."
        : "Correct the names in the source: they must be written like the columns.")
  }

  private func missing(_ member: String, _ source: String) -> WarehouseError {
    let near = widest.keys.filter { $0.bare == member.bare }.sorted()
    let names = near.isEmpty ? widest.keys.sorted() : near
    let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    return WarehouseError(
      .input, "could not load \(source)",
      detail: "none of \(records) records looked at has \(member); they have \(shown)",
      hint: "Look at the source on the Sources screen: another kind of data may lie there.")
  }
}

extension String {
  /// Without what people write in different ways.
  fileprivate var bare: String { lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " } }
}

import Warehouse

// The members of records in `--json` output: names in snake case, durations in seconds, times in
// ISO 8601 and UTC, null for what is not known.

extension StageSummary {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("rows", JSONValue(rows)), ("bytes", JSONValue(bytes)), ("rejects", .integer(rejects)),
      ("seconds", .real(duration.seconds)), ("note", .string(note)),
    ]
  }
}

extension Reject {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("file", .string(file)), ("line", .integer(line)), ("byte_offset", JSONValue(byteOffset)),
      ("column", JSONValue(column)), ("reason", .string(reason)), ("raw_text", .string(rawText)),
      ("is_cut", .boolean(isCut)),
    ]
  }
}

extension CheckResult {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("name", .string(name)), ("title", .string(title)), ("verdict", .string(verdict.rawValue)),
      ("count", .integer(count)), ("detail", .string(detail)),
      ("offending_rows_sql", JSONValue(offendingRowsSQL)),
    ]
  }
}

extension WarehouseError {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("kind", .string(kind.rawValue)), ("message", .string(message)),
      ("detail", JSONValue(detail)), ("hint", JSONValue(hint)), ("sql_state", JSONValue(sqlState)),
    ]
  }
}

extension RunRecord {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("run", .integer(id)), ("selection", .string(selection)), ("state", .string(state.rawValue)),
      ("started_by", .string(startedBy)), ("started_at", .string(startedAt.text)),
      ("seconds", duration.map { .real($0.seconds) } ?? .null), ("error", JSONValue(error)),
      ("configuration", .object(configuration.map { ($0.key, .string($0.value)) })),
    ]
  }
}

extension StageRecord {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("stage", .string(stage.rawValue)), ("state", .string(state.rawValue)),
      ("started_at", .string(startedAt.text)), ("error", JSONValue(error)),
    ] + (summary?.jsonMembers ?? [])
  }
}

import Warehouse

// The members of sources in `--json` output, in the ways of `RecordJSON`.

extension SourceInventory {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("files", .integer(fileCount)), ("bytes", .integer(totalBytes)),
      ("smallest", JSONValue(sizes?.lowerBound)), ("largest", JSONValue(sizes?.upperBound)),
      ("first_changed", JSONValue(dates?.lowerBound.text)),
      ("last_changed", JSONValue(dates?.upperBound.text)),
      (
        "compressed",
        .object(
          Compression.allCases.compactMap { kind in
            compressed[kind].map { ("\(kind)", .integer($0)) }
          })
      ),
      ("hidden", .integer(hiddenCount)),
      ("hidden_names", .array(hiddenNames.map(JSONValue.string))),
      ("other_kinds", .integer(otherCount)), ("undecodable", .integer(undecodableCount)),
      ("broken_links", .integer(brokenLinkCount)),
      ("beside_prefix", .integer(siblingCount)),
      ("beside_names", .array(siblingNames.map(JSONValue.string))),
    ]
  }
}

extension BucketEntry {
  var jsonMembers: [(String, JSONValue)] {
    switch self {
    case .bucket: [("kind", .string("bucket")), ("path", .string(address))]
    case .folder: [("kind", .string("folder")), ("path", .string(address))]
    case .object(let object): [("kind", .string("object"))] + object.jsonMembers
    }
  }
}

extension SourceObject {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("path", .string(path)), ("bytes", .integer(size)), ("changed", .string(modified.text)),
      ("compression", .string("\(compression)")),
    ]
  }
}

extension SourceProfile {
  var jsonMembers: [(String, JSONValue)] {
    [
      ("records", .integer(recordCount)), ("refused", .integer(refusedCount)),
      ("is_whole", .boolean(isWhole)), ("is_cut_by_time", .boolean(isCutByTime)),
      ("files_read", .integer(filesRead)), ("bytes_read", .integer(bytesRead)),
      ("fields", .array(fields.map { .object($0.jsonMembers) })),
      ("refusals", .array(refusals.map { .object($0.jsonMembers) })),
    ]
  }
}

extension FieldProfile {
  fileprivate var jsonMembers: [(String, JSONValue)] {
    let (count, isExact): (Int, Bool) =
      switch distinct {
      case .exactly(let count): (count, true)
      case .atLeast(let count): (count, false)
      }
    return [
      ("name", .string(name)),
      (
        "types",
        .object(
          MemberType.allCases.compactMap { type in
            types[type].map { (type.rawValue, .integer($0)) }
          })
      ),
      ("missing", .integer(missingCount)), ("empty", .integer(emptyCount)),
      ("distinct", .integer(count)), ("distinct_is_exact", .boolean(isExact)),
      ("least", JSONValue(minimum)), ("greatest", JSONValue(maximum)),
      ("widest_bytes", .integer(widestBytes)),
      ("widest_place", widestPlace.map { .object($0.jsonMembers) } ?? .null),
      ("refused", .integer(refusedCount)),
      (
        "columns",
        .array(
          columns.map { column in
            .object([
              ("name", .string(column.name)), ("type", .string(column.type.declaration)),
              ("is_required", .boolean(column.isRequired)),
            ])
          })
      ),
    ]
  }
}

extension SourcePlace {
  fileprivate var jsonMembers: [(String, JSONValue)] {
    [
      ("file", .string(file)), ("line", JSONValue(line)), ("byte_offset", .integer(byteOffset)),
    ]
  }
}

extension ProfiledRefusal {
  fileprivate var jsonMembers: [(String, JSONValue)] {
    place.jsonMembers + [
      ("column", JSONValue(column)), ("reason", .string(reason)), ("raw_text", .string(rawText)),
    ]
  }
}

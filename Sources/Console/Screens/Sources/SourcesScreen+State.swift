import Warehouse

extension SourcesScreen {
  var saved: [String: JSONValue] {
    var values: [String: JSONValue] = ["source": .string(kind.rawValue)]
    for kind in SourceKind.allCases {
      guard let source = known[kind] else { continue }
      var entry: [(String, JSONValue)] = [("order", .string(source.files.order.rawValue))]
      if !source.files.filter.isEmpty { entry.append(("filter", .string(source.files.filter))) }
      if let path = source.wantedPath ?? selectedPath(of: source) {
        entry.append(("file", .string(path)))
      }
      values[kind.rawValue] = .object(entry)
    }
    if isBrowsing, let walk {
      values["buckets"] = .string(walk.level.place.text)
      values["unsigned"] = .boolean(walk.isUnsigned)
      if !walk.level.filter.isEmpty { values["bucketFilter"] = .string(walk.level.filter) }
    }
    return values
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    kind = saved["source"]?.text.flatMap(SourceKind.init) ?? kind
    if let place = saved["buckets"]?.text.flatMap(BucketPlace.init) {
      var isUnsigned = false
      if case .boolean(true)? = saved["unsigned"] { isUnsigned = true }
      walk = BucketWalk(
        at: place, filter: saved["bucketFilter"]?.text ?? "", isUnsigned: isUnsigned)
      (isBrowsing, focus) = (true, .buckets)
    }
    for kind in SourceKind.allCases {
      guard let entry = saved[kind.rawValue] else { continue }
      var source = Source()
      source.files = FileList(
        order: entry["order"]?.text.flatMap(FileList.Order.init) ?? .path,
        filter: entry["filter"]?.text ?? "")
      source.wantedPath = entry["file"]?.text
      known[kind] = source
    }
  }
}

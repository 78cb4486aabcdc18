/// The rows that a person marked, with their values, as a window may move away from them.
struct GridMarks: Equatable, Sendable {
  private var rows: [GridRowID: Mark] = [:]
  private var next = 0

  private struct Mark: Equatable, Sendable {
    var number: Int
    var values: [String?]
  }

  /// No more can be marked: they are held in memory.
  static let limit = 10_000

  var count: Int { rows.count }
  var isEmpty: Bool { rows.isEmpty }

  func contains(_ id: GridRowID) -> Bool { rows[id] != nil }

  /// Marks a row, or takes its mark away; `false` when there are too many already.
  mutating func toggle(_ id: GridRowID, _ values: [String?]) -> Bool {
    if rows.removeValue(forKey: id) != nil { return true }
    guard rows.count < GridMarks.limit else { return false }
    rows[id] = Mark(number: next, values: values)
    next += 1
    return true
  }

  mutating func removeAll() { rows = [:] }

  /// The values of the marked rows, the first marked first.
  var values: [[String?]] { rows.values.sorted { $0.number < $1.number }.map(\.values) }
}

/// The search for an action by its name.
struct CommandPalette: Equatable, Sendable {
  var field = InputField()
  var position = ListPosition()

  /// One action that can be found.
  struct Entry: Sendable {
    /// "Pipeline: run all".
    var name: String
    var binding: Binding
    /// Why it cannot be done now; nil when it can.
    var refusal: String?
    /// The places in `name` that the search matched.
    var matches: Set<Int> = []
  }

  /// The entries that match what was typed, the best first.
  func found(in entries: [Entry]) -> [Entry] {
    let wanted = field.text.lowercased().filter { $0 != " " }
    guard !wanted.isEmpty else { return entries }
    let scored = entries.compactMap { entry -> (score: Int, entry: Entry)? in
      guard let match = FuzzyMatch(wanted, in: entry.name) else { return nil }
      var entry = entry
      entry.matches = match.places
      return (match.score, entry)
    }
    return scored.enumerated().sorted {
      let (left, right) = ($0.element, $1.element)
      // What can be done comes first.
      return (left.entry.refusal == nil ? 0 : 1, -left.score, $0.offset)
        < (right.entry.refusal == nil ? 0 : 1, -right.score, $1.offset)
    }.map(\.element.entry)
  }
}

/// The letters of a search, in their order, somewhere in a name.
struct FuzzyMatch {
  private(set) var places: Set<Int> = []
  /// More when letters follow each other or begin words.
  private(set) var score = 0

  /// nil when they are not all there.
  init?(_ wanted: String, in name: String) {
    let letters = Array(name.lowercased())
    let wanted = Array(wanted)
    var best: FuzzyMatch?
    for start in letters.indices where letters[start] == wanted.first {
      if let match = FuzzyMatch(wanted, in: letters, from: start), match.score > best?.score ?? .min
      {
        best = match
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init?(_ wanted: [Character], in letters: [Character], from start: Int) {
    var place = start
    var last = start - 1
    for letter in wanted {
      guard let found = letters[place...].firstIndex(of: letter) else { return nil }
      places.insert(found)
      let beginsWord = found == 0 || !letters[found - 1].isLetter
      score += 1 + (found == last + 1 ? 4 : 0) + (beginsWord ? 6 : 0)
      last = found
      place = found + 1
    }
    score = score * 100 - letters.count
  }
}

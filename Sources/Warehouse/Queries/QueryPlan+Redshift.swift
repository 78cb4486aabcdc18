/// Redshift tells plans as text alone: a step a line, indented below the step that takes its rows
/// (developer guide, "Query plan").
extension QueryPlan {
  /// Reads what EXPLAIN answers on Redshift, a line a row.
  ///
  /// - Throws: `.server` when no line of it is a step.
  public init(redshift lines: [String]) throws(WarehouseError) {
    var steps: [Step] = []
    var warnings: [Detail] = []
    for line in lines {
      if let step = Step(line) {
        steps.append(step)
      } else if let detail = Self.detail(line) {
        if detail.label == Self.warning {
          warnings.append(detail)
        } else if !steps.isEmpty {
          steps[steps.count - 1].node.details.append(detail)
        }
      }
    }
    var rest = steps[...]
    guard var root = Self.tree(&rest, depth: 0) else {
      throw WarehouseError(
        .server, "could not read the plan", detail: lines.prefix(3).joined(separator: "\n"),
        hint: "Run EXPLAIN by itself to see the server's words.")
    }
    root.details += warnings
    self.init(root: root)
  }

  private init(root: Node) { self.root = root }

  private static let warning = "Warning"

  /// A line of a plan that is a step: how far it is indented, and what it says.
  private struct Step {
    let indent: Int
    var node: Node

    /// `->  XN Hash Join DS_DIST_NONE  (cost=1.00..2.00 rows=3 width=4)`; nil for another line.
    init?(_ line: String) {
      let match = line.firstMatch(
        of: /^( *)(?:-> +)?(?:(?:XN|LD) )?(.*?) +\(cost=[0-9.]+\.\.([0-9.]+) rows=([0-9]+) width=/)
      guard let match else { return nil }
      indent = match.1.count
      var words = match.2.split(separator: " ").map(String.init)
      var details: [Detail] = []
      if let last = words.last, last.hasPrefix("DS_") {
        words.removeLast()
        details.append(Detail(label: "Distribution", value: QueryPlan.distribution(last)))
      }
      node = Node(
        title: words.joined(separator: " "), details: details, cost: Double(match.3) ?? 0,
        expectedRows: Double(match.4) ?? 0, children: [])
    }
  }

  /// What stands below a step and is none: a condition, a note, a warning about the whole.
  private static func detail(_ line: String) -> Detail? {
    let text = line.trimmed
    guard !text.isEmpty else { return nil }
    if text.hasPrefix("-----") {
      let words = String(text.drop { $0 == "-" || $0 == " " })
      let end = words.lastIndex { $0 != "-" && $0 != " " }
      return end.map { Detail(label: warning, value: String(words[...$0])) }
    }
    guard let colon = text.firstIndex(of: ":") else { return Detail(label: "Note", value: text) }
    return Detail(
      label: String(text[..<colon]), value: String(text[text.index(after: colon)...]).trimmed)
  }

  /// The first of the steps with all that are indented below it.
  ///
  /// What is nested deeper than any real plan is left out: reading it must not exhaust the stack.
  private static func tree(_ steps: inout ArraySlice<Step>, depth: Int) -> Node? {
    guard let first = steps.popFirst() else { return nil }
    var node = first.node
    while let next = steps.first, next.indent > first.indent {
      if depth < 200, let child = tree(&steps, depth: depth + 1) {
        node.children.append(child)
      } else {
        steps.removeFirst()
      }
    }
    return node
  }

  /// How rows go between the nodes for a join (developer guide, "Evaluating the query plan").
  private static func distribution(_ word: String) -> String {
    let meaning: String? =
      switch word {
      case "DS_DIST_NONE": "both sides lie together: nothing is sent"
      case "DS_DIST_ALL_NONE": "the inner table is on every node: nothing is sent"
      case "DS_DIST_INNER": "the inner table is sent about"
      case "DS_DIST_OUTER": "the outer table is sent about"
      case "DS_BCAST_INNER": "all of the inner table is sent to every node"
      case "DS_DIST_ALL_INNER": "all of the inner table is sent to one slice"
      case "DS_DIST_BOTH": "both tables are sent about"
      default: nil
      }
    return meaning.map { "\(word): \($0)" } ?? word
  }
}

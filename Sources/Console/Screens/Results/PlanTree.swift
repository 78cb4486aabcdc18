import Warehouse

/// A plan as a tree of lines, with what each step takes by itself.
enum PlanTree {
  /// A step in its place in the tree.
  private struct Branch {
    var prefix: String
    /// What stands before the lines of what is below it.
    var below: String
    var node: QueryPlan.Node
  }

  /// The whole plan as a text to read.
  static func viewer(_ plan: QueryPlan, of title: String) -> TextViewer {
    let branches = branches(plan.root, prefix: "", below: "")
    let whole = plan.root.milliseconds ?? plan.root.cost
    let most = branches.map(\.node.ownShare).max() ?? 0
    let isMeasured = plan.root.milliseconds != nil
    var lines = head(plan, isMeasured, hasCostliest: most > 0)
    for branch in branches {
      let isCostliest = branch.node.ownShare == most && most > 0
      lines.append(line(branch, whole: whole, isCostliest: isCostliest))
      for detail in branch.node.details {
        let indent = String(repeating: " ", count: 20) + branch.below + "  "
        lines.append(
          (Line(indent + detail.label.lowercased() + ": ", .muted) + Line(detail.value, .muted))
            .hanging(CellText.width(of: indent) + 2))
      }
    }
    return TextViewer(
      title: "Plan of \(title)", lines: lines,
      copy: lines.map(\.text).joined(separator: "\n"))
  }

  private static func head(
    _ plan: QueryPlan, _ isMeasured: Bool, hasCostliest: Bool
  ) -> [Line] {
    var words = [isMeasured ? "measured: it ran" : "estimated: it did not run"]
    if let planned = plan.planningMilliseconds {
      words.append("planned in \(milliseconds(planned))")
    }
    if let ran = plan.runningMilliseconds { words.append("ran for \(milliseconds(ran))") }
    return [
      Line(words.joined(separator: " · "), .bold)
        + (hasCostliest ? Line(" · ◆ the costliest step", .warning.bold) : Line()),
      Line(),
      Line((isMeasured ? "  time" : "  cost") + "          rows  step", .muted),
    ]
  }

  private static func milliseconds(_ value: Double) -> String {
    Quantity.fixed(value, value < 10 ? 2 : 0) + " ms"
  }

  /// Its part of the whole, its rows, its place and name.
  private static func line(_ branch: Branch, whole: Double, isCostliest: Bool) -> Line {
    let percent =
      whole > 0 ? Int(clamping: Int64((branch.node.ownShare / whole * 100).rounded())) : 0
    let share = (isCostliest ? "◆" : " ") + pad("\(min(100, percent)) %", 5)
    let rows = pad(rows(branch.node), 12)
    let style: Style = isCostliest ? .warning.bold : .plain
    var line = Line(share, style) + Line(rows, .muted) + Line("  " + branch.prefix, .border)
    line += Line(branch.node.title, style)
    // A name that is too long goes on below itself.
    return line.hanging(20 + CellText.width(of: branch.prefix))
  }

  /// What came, or what is expected; both where they are far apart.
  private static func rows(_ node: QueryPlan.Node) -> String {
    guard let actual = node.actualRows else { return "~" + Quantity.short(node.expectedRows) }
    return Quantity.short(actual)
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func branches(
    _ node: QueryPlan.Node, prefix: String, below: String
  ) -> [Branch] {
    var found = [Branch(prefix: prefix, below: below, node: node)]
    for (index, child) in node.children.enumerated() {
      let isLast = index == node.children.count - 1
      found += branches(
        child, prefix: below + (isLast ? "└─ " : "├─ "), below: below + (isLast ? "   " : "│  "))
    }
    return found
  }
}

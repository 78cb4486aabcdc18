import Testing

@testable import Warehouse

@Suite("A plan")
struct QueryPlanTests {
  @Test("is a tree whose steps know what they take themselves")
  func tree() throws {
    let plan = try QueryPlan(
      json: """
        [{"Plan": {"Node Type": "Sort", "Total Cost": 310.5, "Plan Rows": 24,
          "Sort Key": ["t.hour", "x"], "Plans": [{"Node Type": "Hash Join", "Join Type": "Left",
          "Total Cost": 300, "Plan Rows": 6820, "Plans": [
          {"Node Type": "Seq Scan", "Relation Name": "songplays", "Total Cost": 210.5,
           "Plan Rows": 6820, "Filter": "(level = 'pa\\u00efd \\ud83d\\ude00'::text)"}]}]},
          "Planning Time": 0.25}]
        """)
    #expect(plan.root.title == "Sort")
    #expect(plan.root.details == [.init(label: "Sort Key", value: "t.hour, x")])
    let join = try #require(plan.root.children.first)
    #expect(join.title == "Hash Join (Left)")
    #expect(join.ownShare == 89.5)
    #expect(join.children.first?.title == "Seq Scan on songplays")
    #expect(join.children.first?.details.first?.value == "(level = 'païd 😀'::text)")
    #expect(plan.planningMilliseconds == 0.25)
    #expect(plan.runningMilliseconds == nil)
  }

  @Test("that was run side by side takes as long as it took, not as long as all workers together")
  func parallel() throws {
    let plan = try QueryPlan(
      json: """
        [{"Plan": {"Node Type": "Gather", "Actual Total Time": 100, "Actual Loops": 1,
          "Actual Rows": 9, "Workers Launched": 2, "Plans": [{"Node Type": "Hash Join",
          "Actual Total Time": 90, "Actual Loops": 3, "Actual Rows": 3, "Plans": [
          {"Node Type": "Index Scan", "Actual Total Time": 0.5, "Actual Loops": 300,
           "Actual Rows": 1}, {"Node Type": "Hash", "Actual Total Time": 7, "Actual Loops": 1,
           "Actual Rows": 2}, {"Node Type": "Seq Scan", "Actual Total Time": 0, "Actual Loops": 0,
           "Actual Rows": 0}]}]}}]
        """)
    #expect(plan.root.milliseconds == 100)
    let join = try #require(plan.root.children.first)
    #expect(join.milliseconds == 90 && join.actualRows == 9)
    #expect(join.children.map(\.milliseconds) == [50, 7, 0])
    #expect(join.children.map(\.actualRows) == [300, 2, 0])
    #expect(plan.root.ownShare == 10 && join.ownShare == 33)
  }

  @Test(
    "is refused when it is something else", arguments: ["", "[]", "[{}]", "[{\"Plan\": 1", "x"])
  func refused(text: String) {
    #expect(throws: WarehouseError.self) { try QueryPlan(json: text) }
  }

  @Test("a text nested without end is refused, not followed")
  func deep() {
    #expect(read(String(repeating: "[", count: 200_000)) == nil)
    #expect(read("\"\\u12") == nil)
    #expect(read("{\"a\": [1, true, null, \"\\n\"]}")?["a"]?.elements?.count == 4)
  }

  private func read(_ text: String) -> JSONValue? {
    JSONValue(parsing: Array(text.utf8), deepest: 1000)
  }
}

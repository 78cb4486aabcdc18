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
    "of Redshift is read from its lines: steps by their indent, the rest as what is said of them")
  func redshift() throws {
    let plan = try QueryPlan(redshift: [
      "XN Merge  (cost=1015.54..1020.46 rows=24 width=27)", "  Merge Key: t.\"hour\"",
      "  ->  XN Network  (cost=1015.54..1018.46 rows=24 width=27)", "        Send to leader",
      "        ->  XN HashAggregate  (cost=15.28..15.37 rows=24 width=27)",
      "              ->  XN Hash Join DS_BCAST_INNER  (cost=109.98..3871.31 rows=6820 width=27)",
      "                    Hash Cond: (\"outer\".start_time = \"inner\".start_time)",
      "                    ->  XN Seq Scan on songplays p  (cost=0.00..1724.56 rows=6820 width=14)",
      "                          Filter: ((\"level\")::text = 'paid'::text)",
      "                    ->  XN Hash  (cost=87.98..87.98 rows=6813 width=21)",
      "                          ->  XN Seq Scan on \"time\" t  (cost=0.00..87.98 rows=6813 width=21)",
      "----- Tables missing statistics: songplays -----",
    ])
    #expect(plan.root.title == "Merge")
    #expect(plan.root.cost == 1020.46)
    #expect(
      plan.root.details == [
        .init(label: "Merge Key", value: "t.\"hour\""),
        .init(label: "Warning", value: "Tables missing statistics: songplays"),
      ])
    let network = try #require(plan.root.children.first)
    #expect(network.details == [.init(label: "Note", value: "Send to leader")])
    let join = try #require(network.children.first?.children.first)
    #expect(join.title == "Hash Join")
    #expect(join.expectedRows == 6820)
    #expect(
      join.details.map(\.value) == [
        "DS_BCAST_INNER: all of the inner table is sent to every node",
        "(\"outer\".start_time = \"inner\".start_time)",
      ])
    #expect(join.children.map(\.title) == ["Seq Scan on songplays p", "Hash"])
    #expect(join.children[1].children.first?.title == "Seq Scan on \"time\" t")
    #expect(throws: WarehouseError.self) { try QueryPlan(redshift: ["", "Filter: x"]) }
    let deep = (0..<5000).map {
      String(repeating: " ", count: $0) + "->  XN Limit  (cost=0.1..1 rows=1 width=1)"
    }
    #expect(try QueryPlan(redshift: deep).root.title == "Limit")
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

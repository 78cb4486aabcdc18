import Testing
import Warehouse

@testable import Console

@Suite("The demo")
struct DemoTests {
  private static let short: [DemoStep] = [
    DemoStep(
      "The server", text: { _ in "What it says of itself." },
      moves: [.act(.show(.runs)), .act(.show(.cluster))], waitsFor: "the server's answer",
      isShown: { $0.cluster.status.phase == .loaded },
      hasFailed: { $0.cluster.status.error != nil }),
    DemoStep(
      "Nothing", text: { _ in "Never seen." }, moves: [], waitsFor: "", isShown: { _ in true },
      isLeftOut: { _ in true }),
    DemoStep(
      "SQL", text: { _ in "A statement of one's own." },
      moves: [
        .act(.show(.sql)), .act(.sql(.write)), .type("SELECT 1 "),
        .press(.escape, if: { $0.sql.isTyping }),
      ],
      waitsFor: "nothing", isShown: { _ in true }),
    DemoStep(
      "The stages", text: { _ in "The last of them." },
      moves: [
        .act(.show(.pipeline)), .act(.move(.first)),
        .again(.move(.down), until: { $0.pipeline.selected?.id == .publish }),
      ],
      waitsFor: "nothing", isShown: { _ in true }),
  ]

  private static let status = WarehouseStatus(
    configuration: [], facts: [], reachability: [], maxRejects: 0, configurationPath: nil)

  private func begun(
    _ steps: [DemoStep] = short, isPlaying: Bool = false, stay: Duration? = nil, rows: Int = 15
  ) -> Harness {
    var harness = Harness(rows: rows)
    harness.model.demo = DemoWalk(
      steps, isPlaying: isPlaying, stay: stay, endsProgram: isPlaying)
    harness.wait(.zero)
    return harness
  }

  /// Lets the server answer what the first caption waits for.
  private func shown(_ harness: inout Harness) {
    harness.wait(.milliseconds(300))
    harness.wait(.milliseconds(300))
    let answers = (1...9).map { Message.statusLoaded($0, Self.status) }
    for answer in answers { harness.answer(answer) }
  }

  @Test("makes its moves one by one, says what it waits for, and marks what is there")
  func moves() {
    var harness = begun()
    #expect(harness.model.screen == .runs)
    harness.wait(.milliseconds(299))
    #expect(harness.model.screen == .runs)
    harness.wait(.milliseconds(1))
    #expect(harness.model.screen == .cluster)
    #expect(harness.row(10).contains(" Demo 1 of 4 The server ─"))
    #expect(harness.row(10).hasSuffix("─ the server's answer ─┐"))
    #expect(harness.row(11).hasPrefix("│ What it says of itself."))
    #expect(harness.row(13).hasPrefix("└─ Space on ─ Backspace back ─ p plays ─ Esc leave ─"))
    shown(&harness)
    #expect(harness.row(10).hasPrefix("┌─ ✓ Demo 1 of 4 The server ─"))
    #expect(harness.model.clockInterval == nil)
  }

  @Test("goes on with Space only when everything is there, or when Space is pressed again")
  func space() {
    var harness = begun()
    harness.press(.space)
    #expect(harness.model.screen == .cluster)
    #expect(harness.text.contains("waiting for the server's answer; Space again"))
    harness.press(.space)
    #expect(harness.model.screen == .sql)
    #expect(harness.row(10).contains("3 of 4"))
  }

  @Test("types at the pace of a person, and at once when somebody is in a hurry")
  func typing() {
    var harness = begun()
    shown(&harness)
    harness.press(.space)
    harness.wait(.milliseconds(300))
    harness.wait(.milliseconds(300))
    #expect(harness.model.sql.editor.text == "S")
    harness.wait(.milliseconds(25))
    #expect(harness.model.sql.editor.text == "SE")
    harness.press(.space)
    #expect(harness.model.sql.editor.text == "SELECT 1 ")
    #expect(!harness.model.sql.isTyping)
    #expect(harness.model.demo?.index == 2)
    harness.press(.space, .space)
    #expect(harness.model.pipeline.selected?.id == .publish)
  }

  @Test("goes back with Backspace past what is left out, and stays at the first caption")
  func back() {
    var harness = begun()
    shown(&harness)
    harness.press(.space, .backspace)
    #expect(harness.model.demo?.index == 0)
    #expect(harness.model.screen == .runs)
    harness.press(.backspace)
    #expect(harness.model.demo?.index == 0)
    #expect(harness.text.contains("this is the first caption"))
  }

  @Test("is left by Esc where it stands, and ends behind its last caption")
  func leaving() {
    var harness = begun()
    shown(&harness)
    harness.press(.space, .space, .escape)
    #expect(harness.model.demo == nil)
    #expect(harness.model.screen == .sql)
    #expect(!harness.text.contains("Demo"))
    harness = begun()
    shown(&harness)
    harness.press(.space, .space, .space, .space, .space)
    #expect(harness.model.demo == nil)
    #expect(harness.model.exitStatus == nil)
    #expect(harness.text.contains("that was the demo; :demo starts it again"))
  }

  @Test("plays by itself, each caption for its time once all of it is there, and quits at the end")
  func playing() {
    var harness = begun(isPlaying: true, stay: .seconds(4))
    harness.wait(.seconds(60))
    #expect(harness.model.demo?.index == 0)
    shown(&harness)
    harness.wait(.milliseconds(3900))
    #expect(harness.model.demo?.index == 0)
    #expect(harness.row(10).hasPrefix("┌─ ▶ Demo 1 of 4"))
    harness.wait(.milliseconds(100))
    #expect(harness.model.demo?.index == 2)
    for _ in 0..<400 where harness.model.exitStatus == nil { harness.wait(.milliseconds(50)) }
    #expect(harness.model.exitStatus == 0)
  }

  @Test("does not tell of what failed: playing stops, and the program ends with 1")
  func failing() {
    var harness = begun(isPlaying: true)
    harness.wait(.seconds(301))
    #expect(harness.model.exitStatus == 1)
    #expect(harness.model.demo?.isPlaying == false)
  }

  @Test("p plays from here on, and stops that")
  func toggling() {
    var harness = begun()
    shown(&harness)
    harness.press("p")
    #expect(harness.text.contains("plays by itself"))
    #expect(harness.text.contains("p stop"))
    #expect(harness.model.clockInterval != nil)
    harness.press("p")
    harness.wait(.seconds(60))
    #expect(harness.model.demo?.index == 0)
  }

  @Test("leaves text to whoever types, and waits while something is open above it")
  func otherKeys() {
    var harness = begun()
    shown(&harness)
    harness.press(":")
    harness.type("p q")
    #expect(harness.text.contains(": p q"))
    #expect(harness.model.demo?.isPlaying == false)
    harness.press(.escape)
    #expect(harness.model.demo != nil)
    harness.press("5", "i", "p", .space, .escape)
    #expect(harness.model.sql.editor.text == "p ")
    #expect(harness.model.demo?.index == 0)
    harness.press("?")
    #expect(harness.text.contains("On to the next caption"))
  }

  /// Starts it by its name, hurries through it, and returns whether it ran the pipeline.
  private func runsPipeline(_ harness: inout Harness) -> Bool {
    harness.press(":")
    harness.type("demo")
    harness.press(.enter)
    return (0..<60).contains { _ in harness.press(.space).contains(.run(.all)) }
  }

  @Test("runs the pipeline in an embedded warehouse without a star, and nothing where one stands")
  func running() {
    var empty = Harness(columns: 80, rows: 24)
    #expect(runsPipeline(&empty))
    var published = Harness(columns: 80, rows: 24)
    var stages = Harness.stages
    stages[2].pastRuns = [
      StageRecord(
        runID: 1, stage: .publish, state: .succeeded, startedAt: Harness.moment.time,
        summary: nil, error: nil)
    ]
    published.answer(
      .stagesLoaded(published.model.pipeline.stages.begin(at: .zero), .success(stages)))
    #expect(!runsPipeline(&published))
    #expect(published.model.demo == nil)
  }

  @Test("is refused while it is on, while a run goes on, and without a warehouse")
  func starting() {
    var harness = Harness(columns: 80, rows: 24)
    #expect(harness.model.refusal(of: .demo(.start)) == nil)
    _ = harness.model.perform(.demo(.start))
    #expect(harness.model.refusal(of: .demo(.start)) == "the demo is on; Esc leaves it")
    harness.press(.escape, "2", "a")
    #expect(harness.model.refusal(of: .demo(.start)) == "a run goes on; c cancels it")
    #expect(
      Harness(connected: false).model.refusal(of: .demo(.start)) == "not connected yet")
  }

  @Test("every caption fits at 80×24 and at 140×40", arguments: [(80, 24), (140, 40)])
  func captions(columns: Int, rows: Int) {
    for owns in [true, false] {
      let steps = DemoStep.all(runsPipeline: owns)
      for index in steps.indices {
        var harness = Harness(columns: columns, rows: rows)
        harness.model.demo = DemoWalk(steps, ownsWarehouse: owns)
        harness.model.demo?.begin(index, at: harness.model.moment.uptime)
        let text = steps[index].text(harness.model)
        #expect(text.count <= DemoStep.longestText, "\(text)")
        #expect(
          TextPane.broken([Line(text)], columns: columns - 4).count <= (rows == 24 ? 3 : 2))
        let ending = text.split(separator: " ").suffix(1).joined()
        #expect(harness.text.contains(ending), "\(harness.text)")
      }
    }
  }

  @Test("leaves a screen of any size standing", arguments: [(40, 10), (60, 15), (80, 24), (20, 5)])
  func sizes(columns: Int, rows: Int) {
    var harness = Harness(columns: columns, rows: rows)
    harness.model.demo = DemoWalk(DemoStep.all(runsPipeline: false))
    for _ in 0..<60 {
      harness.press(.space)
      #expect(harness.model.view().size == Size(columns: columns, rows: rows))
    }
  }
}

import Testing

@testable import Console
@testable import Warehouse

@Suite("The Cluster screen")
struct ClusterScreenTests {
  private func harness(columns: Int = 80, rows: Int = 20) -> Harness {
    var harness = Harness(columns: columns, rows: rows)
    harness.press("1")
    _ = harness.model.refreshStatus()
    harness.answer(.statusLoaded(4, Self.status))
    return harness
  }

  private static let status = WarehouseStatus(
    configuration: [
      ConfigurationEntry(id: .host, value: nil, origin: .standard, verdict: .right),
      ConfigurationEntry(
        id: .password, value: "•••", origin: .file("dwh_local.cfg", line: 3), verdict: .right),
      ConfigurationEntry(
        id: .songData, value: "song_dat", origin: .environment("SONGS"),
        verdict: .error("there is no such folder")),
    ],
    facts: [ServerFact(label: "size", value: "412 MB")],
    reachability: [
      ReachabilityStep(
        name: "DNS", outcome: .passed, detail: "127.0.0.1", remedy: nil, duration: nil),
      ReachabilityStep(
        name: "TCP", outcome: .failed, detail: "refused", remedy: "Start the server.", duration: nil
      ),
    ], maxRejects: 7, configurationPath: "dwh.cfg")

  @Test("shows the configuration with origins and verdicts, the server, and the way to it")
  func whole() {
    let text = harness().text
    #expect(text.contains("✗ 1 wrong value"))
    #expect(text.contains("CLUSTER.DB_PASSWORD"))
    #expect(text.contains("dwh_local.cfg:3"))
    #expect(text.contains("$SONGS"))
    #expect(text.contains("✗ failed   TCP"))
    #expect(text.contains("→ Start the server."))
    #expect(text.contains("size  412 MB"))
    #expect(text.contains("20:00:00 UTC"))
  }

  @Test("a value can be read in full and copied")
  func details() {
    var harness = harness()
    #expect(harness.press("j", "j", "y") == [.copy("song_dat")])
    harness.press(.enter)
    #expect(harness.text.contains("✗ there is no such folder"))
  }

  @Test("keys go to the pane in focus")
  func focus() {
    var harness = harness()
    #expect(harness.model.cluster.focus == .configuration)
    harness.press(.right)
    #expect(harness.model.cluster.focus == .facts)
    harness.press(.right, "j", .enter)
    #expect(harness.text.contains("refused"))
  }

  @Test("edits, reloads and connects again")
  func editing() {
    var harness = harness()
    #expect(harness.press("e") == [.edit("dwh.cfg")])
    #expect(harness.answer(.edited(nil)) == [.reloadConfiguration])
    #expect(
      harness.answer(.configurationReloaded) == [.connect(2), .loadStages(3), .loadStatus(5)])
    #expect(harness.press("R") == [.reloadConfiguration])
  }

  @Test("provisions on the Pipeline screen")
  func provisioning() {
    var harness = harness()
    #expect(harness.press("p") == [.run(.only([.provision]))])
    #expect(harness.model.screen == .pipeline)
  }

  @Test("the configuration stays as it is while a run goes on")
  func whileRunning() {
    var harness = harness()
    harness.press("2", "a", "1")
    #expect(harness.press("e") == [])
    #expect(harness.press("R") == [])
    #expect(harness.text.contains("a run goes on with this configuration"))
  }

  @Test("tells how many rejects a stage may have")
  func maxRejects() {
    #expect(harness().model.pipeline.maxRejects == 7)
  }
}

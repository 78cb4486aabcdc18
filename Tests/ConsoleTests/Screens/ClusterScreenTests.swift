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

  @Test("offers to make a configuration file where there is none, and opens it")
  func newConfiguration() {
    var harness = harness()
    var status = Self.status
    (status.configurationPath, status.newConfigurationPath) = (nil, nil)
    harness.press("R")
    _ = harness.model.refreshStatus()
    harness.answer(.statusLoaded(5, status))
    #expect(harness.press("e") == [])
    #expect(harness.text.contains("no configuration file is known"))
    status.newConfigurationPath = "/here/dwh.cfg"
    _ = harness.model.refreshStatus()
    harness.answer(.statusLoaded(6, status))
    #expect(harness.press("e") == [])
    #expect(harness.text.contains("There is no dwh.cfg"))
    #expect(harness.text.contains("/here/dwh.cfg"))
    #expect(harness.press(.escape) == [])
    harness.press("e")
    #expect(harness.press("y") == [.cluster(.createConfiguration("/here/dwh.cfg"))])
    #expect(
      harness.answer(.cluster(.configurationCreated("/here/dwh.cfg"))) == [.edit("/here/dwh.cfg")])
    // The file is there, whatever becomes of the editing.
    #expect(harness.press("e") == [.edit("/here/dwh.cfg")])
  }

  @Test("shows what was found about lines and files above the values, and counts warnings")
  func findings() {
    var harness = harness(columns: 120)
    var status = Self.status
    status.configuration.removeLast()
    status.findings = [
      ConfigurationFinding(
        .warning, .file("dwh.cfg", line: 9), "unknown key COLOUR in [PIPELINE]",
        hint: "Perhaps CONNECTIONS was meant.")
    ]
    _ = harness.model.refreshStatus()
    harness.answer(.statusLoaded(5, status))
    #expect(harness.text.contains("! 1 warning"))
    let lines = harness.text.split(separator: "\n").map(String.init)
    let row = lines.firstIndex { $0.contains("[PIPELINE]") && $0.contains("dwh.cfg:9") }
    let first = lines.firstIndex { $0.contains("CLUSTER.HOST") }
    #expect((row ?? .max) < (first ?? 0))
    let text =
      "dwh.cfg:9: warning: unknown key COLOUR in [PIPELINE]. Perhaps CONNECTIONS was meant."
    #expect(harness.press("g", "y") == [.copy(text)])
    harness.press(.enter)
    #expect(harness.text.contains("Perhaps CONNECTIONS was meant."))
    harness.press(.escape)
    harness.press("/")
    harness.type("colour")
    #expect(harness.text.contains("[PIPELINE]") && !harness.text.contains("CLUSTER.HOST"))
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

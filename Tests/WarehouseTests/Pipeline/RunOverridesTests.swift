import Testing

@testable import Warehouse

@Suite("What a run has otherwise than the configuration")
struct RunOverridesTests {
  @Test("counts, and stands in its record and among the values with its origin")
  func recorded() throws {
    let folder = try ScratchFolder()
    let options = folder.options(set: ["PIPELINE.MAX_REJECTS=3"])
    let configuration = try Configuration.load(options)
    let source = RunSource(configuration, StateFolder(home: folder.path, options: options))
    func recorded(_ overrides: RunOverrides?) throws -> (Int, String?) {
      let settings = try source.plannedSettings(overrides)
      let value = settings.configuration.first { $0.key == "PIPELINE.MAX_REJECTS" }?.value
      return (settings.maxRejects, value)
    }
    var overrides = RunOverrides(origin: .flag("--max-rejects"))
    #expect(try recorded(nil) == (3, "3"))
    #expect(try recorded(overrides) == (3, "3"))
    overrides.maxRejects = 1000
    #expect(try recorded(overrides) == (1000, "1000"))
    let entry = configuration.overridden(by: overrides).entries.first { $0.id == .maxRejects }
    #expect(entry?.value == "1000" && entry?.origin.text == "--max-rejects")
    #expect(ConfigurationOrigin.session.text == "this session")
  }
}

import Testing
import Warehouse

@testable import Console

@Suite("The command demo")
struct DemoCommandTests {
  private func walk(_ words: String...) throws -> DemoWalk {
    try DemoProgram.walk(
      try Arguments(words, options: Command.demo.options + Command.commonOptions))
  }

  @Test("waits for Space, or plays by itself to the end")
  func playing() throws {
    let byHand = try walk("--home", "/somewhere")
    #expect(!byHand.isPlaying && !byHand.endsProgram && byHand.stay == nil)
    let recorded = try walk("--play", "--seconds", "3")
    #expect(recorded.isPlaying && recorded.endsProgram && recorded.stay == .seconds(3))
    #expect(throws: WarehouseError.self) { try walk("--seconds", "soon") }
  }

  @Test("looks at no warehouse and no source but its own")
  func surroundings() throws {
    let configuration = try Configuration.load(DemoProgram.options(home: "/nonexistent/demo"))
    #expect(configuration.sources.logData == nil && configuration.sources.songData == nil)
    #expect(configuration.entries.allSatisfy { $0.origin == .standard })
    #expect(DemoProgram.options(home: "/nonexistent").variable("HOME") == nil)
  }

  @Test("says in its help what it reads, and what it leaves alone")
  func help() {
    #expect(CommandHelp.command(.demo).contains("nothing\nthat is yours is read or changed"))
    #expect(CommandHelp.program.contains("demo [--play]"))
  }
}

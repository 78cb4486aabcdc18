import PseudoTerminal
import Testing

@testable import Console

@Suite("A line of progress on a terminal")
struct ProgressLineTests {
  @Test("is not written over where the terminal cannot do that", arguments: ["dumb", ""])
  func plain(kind: String) throws {
    let folder = try makeScratchFolder()
    let program = ConsoleOnTerminal.path.split(separator: "/").dropLast().joined(separator: "/")
    let words = ["/\(program)/sparkify", "sample", "--events", "200000", "--out", folder + "/made"]
    let terminal = try VirtualTerminal(words, environment: ["TERM": kind])
    #expect(try terminal.exitStatus() == 0)
    let output = String(decoding: terminal.output, as: UTF8.self)
    #expect(output.contains("8,000 songs, 200,000 events"))
    #expect(!output.contains("\u{1B}"))
  }

  @Test("stays one line where it is longer than the terminal is wide", arguments: [20, 200])
  func width(columns: Int) throws {
    let folder = try makeScratchFolder()
    let program = ConsoleOnTerminal.path.split(separator: "/").dropLast().joined(separator: "/")
    let words = ["/\(program)/sparkify", "sample", "--events", "200000", "--out", folder + "/made"]
    let terminal = try VirtualTerminal(words, columns: columns, rows: 24)
    let progress = try terminal.exitStatus()
    #expect(progress == 0)
    // There was progress, and nothing of it stands any more.
    let lines = String(decoding: terminal.output, as: UTF8.self).split(separator: "\r")
    // The last of them is the result.
    let told = lines.filter { $0.hasPrefix("\u{1B}[K8,000 songs") }.dropLast()
    #expect(told.count > 1)
    #expect(told.allSatisfy { $0.unicodeScalars.count - 3 < columns })
    #expect(terminal.row(0).hasPrefix("8,000 songs, 200,000"))
    #expect(!terminal.text.contains("…") && !terminal.text.contains(" of 200,000"))
  }
}

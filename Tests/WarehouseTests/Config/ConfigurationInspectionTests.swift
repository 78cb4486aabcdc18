import Glibc
import Testing

@testable import Warehouse

@Suite("A look at what the configuration names")
struct ConfigurationInspectionTests {
  private func lines(
    _ overrides: [String], environment: [String: String] = [:]
  ) throws -> [String] {
    let folder = try ScratchFolder()
    let options = folder.options(set: overrides, environment: environment)
    // It is for telling alone: a query needs no source.
    _ = try Configuration.load(options)
    return Configuration.inspect(options).lines.map { $0.replacing(folder.path, with: "HERE") }
  }

  @Test("finds nothing where nothing is set")
  func nothing() throws {
    #expect(try lines([]) == [])
  }

  @Test("misses the other source, and says so of its setting")
  func halves() throws {
    let wanted = "Name both sources, or none to load sample data."
    #expect(
      try lines(["S3.LOG_DATA=/"]) == [
        "--set: error: there is no S3.SONG_DATA: a source for the events only is named. " + wanted
      ])
    #expect(
      try lines(["S3.SONG_DATA=s3://songs/"]) == [
        "--set: error: there is no S3.LOG_DATA: a source for the songs only is named. " + wanted
      ])
    let folder = try ScratchFolder()
    let report = Configuration.inspect(folder.options(set: ["S3.LOG_DATA=/"]))
    let entry = report.configuration.entries.first { $0.id == .songData }
    guard case .error = entry?.verdict else {
      Issue.record("\(String(describing: entry))")
      return
    }
    #expect(report.hasErrors)
  }

  @Test("misses files and folders, each with what follows from it")
  func missing() throws {
    #expect(
      try lines(
        ["S3.LOG_DATA=none", "S3.SONG_DATA=/", "CLUSTER.HOST=h", "CLUSTER.PASSFILE=p"],
        environment: ["PGSSLROOTCERT": "/none/root.crt"]) == [
          "$PGSSLROOTCERT: warning: there is no file or folder /none/root.crt. "
            + "The server's certificate cannot be checked without it.",
          "--set: warning: there is no file or folder HERE/none. "
            + "Nothing can be loaded before it is there.",
          "--set: warning: there is no file or folder HERE/p. No password is found there.",
        ])
    #expect(
      try lines(["CLUSTER.HOST=h", "CLUSTER.SSLROOTCERT=system", "CLUSTER.PASSFILE=/dev/null"])
        == [])
  }

  @Test("refuses a folder without the server's programs, in the words of the start")
  func binaries() throws {
    #expect(
      try lines(["EMBEDDED.BINARIES=/nonexistent"]) == [
        "--set: error: could not find the PostgreSQL server in /nonexistent. "
          + "Name the folder that holds the programs postgres and initdb."
      ])
    #expect(try lines(["EMBEDDED.BINARIES=/nonexistent", "CLUSTER.HOST=h"]) == [])
    let folder = try ScratchFolder()
    for name in ["postgres", "initdb"] { try folder.write("", to: "bin/" + name, mode: 0o755) }
    #expect(try lines(["EMBEDDED.BINARIES=\(folder.path)/bin"]) == [])
  }

  @Test("the shipped example is written once, for its owner alone, and says nothing")
  func example() throws {
    let folder = try ScratchFolder()
    let options = folder.options()
    let path = try #require(Configuration.check(options).configuration.pathForNew(options))
    #expect(path == folder.path + "/dwh.cfg")
    try ConfigurationExample.write(to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(try folder.read("dwh.cfg").hasPrefix("# The configuration of sparkify."))
    let report = Configuration.inspect(options)
    #expect(report.lines == [])
    #expect(report.configuration.path == path && report.configuration.target == .embedded)
    #expect(report.configuration.pathForNew(options) == nil)
    #expect(throws: WarehouseError.self) { try ConfigurationExample.write(to: path) }
  }

  @Test("a new file belongs beside what is read already, or where --config says")
  func places() throws {
    let folder = try ScratchFolder()
    try folder.write("[CLUSTER]\nHOST=h\n", to: "home/.config/sparkify/dwh_local.cfg")
    for (options, path) in [
      (folder.options(), "home/.config/sparkify/dwh.cfg"), (folder.options(path: "a.cfg"), "a.cfg"),
    ] {
      #expect(
        Configuration.check(options).configuration.pathForNew(options) == "\(folder.path)/\(path)")
    }
  }
}

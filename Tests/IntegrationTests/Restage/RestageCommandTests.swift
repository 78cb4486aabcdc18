import Testing

@testable import Warehouse

@Suite("Restaging, as a command")
struct RestageCommandTests {
  @Test("is a stage once it has an output: planned, run alone, and told with its files")
  func command() async throws {
    let source = try SourceFolder.small(users: 20)
    let warehouse = try await TestWarehouse()
    let words =
      warehouse.arguments(source) + [
        "--set", "RESTAGE.OUTPUT=\(source.path)/out", "--set", "RESTAGE.FILES=2",
      ]
    let plan = try await Program.run(["run", "--dry-run"] + words)
    #expect(plan.status == 0, "\(plan.all)")
    #expect(
      plan.output.contains("-- restage: pack the source files into few equal compressed ones"))
    #expect(plan.output.contains("into 2 gzip files under \(source.path)/out"))
    #expect(!FileSystem.exists(source.path + "/out"))
    let run = try await Program.run(["run", "restage"] + words)
    #expect(run.status == 0, "\(run.all)")
    #expect(run.output.contains("events: 60 records in 2 files"))
    let places = try FileSystem.names(in: source.path + "/out")
    #expect(places.count == 1)
    let load = try await Program.run(["run"] + words)
    #expect(load.status == 0, "\(load.all)")
    #expect(try FileSystem.names(in: source.path + "/out").count == 2)
    let inside = try await Program.run(
      ["config", "check"] + warehouse.arguments(source)
        + ["--set", "RESTAGE.OUTPUT=\(source.events)/out"])
    #expect(inside.status == 2)
    #expect(inside.all.contains("lies in a source"))
  }

  @Test("packs the real data set without losing a record", arguments: RealData.cases)
  func realData(folder: String) async throws {
    let place = try TemporaryFolder.make()
    var restage = RestageSettings(output: .path(place + "/out"))
    restage.slices = 4
    let settings = RunSettings(
      eventSource: RealData.events, songSource: RealData.allSongs, startedBy: "test",
      restage: restage)
    let run = RestageRun(
      settings, restage, listeners: RestageRun.Listeners(log: { _ in }, rejected: { _ in }))
    let sources = try await onThread(Cancellation()) { () throws(WarehouseError) in
      try run.perform()
    }
    #expect(sources.map(\.records) == [8056, 14896])
    #expect(sources.map(\.files.count) == [4, 4])
    for source in sources {
      let sizes = source.files.map(\.bytes)
      #expect((sizes.max() ?? 0) * 4 < (sizes.min() ?? 0) * 5, "\(sizes)")
    }
    let packed = try FileSystem.read(sources[1].files[0].location)
    #expect(packed.count == sources[1].files[0].bytes)
  }
}

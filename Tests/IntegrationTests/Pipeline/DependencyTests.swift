import Testing

@testable import Warehouse

@Suite("What a stage needs")
struct DependencyTests {
  @Test(
    "is said by every stage that is run alone on an empty warehouse",
    arguments: StageBlock.stages.filter { $0 > .create })
  func empty(stage: StageID) async throws {
    let warehouse = try await TestWarehouse()
    let outcome = try await Program.run(
      ["run", stage.rawValue] + warehouse.arguments(try TwoStars.new.get()))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("could not run \(stage.rawValue)"))
    #expect(outcome.errors.contains("there is no build"))
    #expect(outcome.errors.contains("Run everything from create."))
    #expect(try await warehouse.scalar("SELECT to_regclass('sparkify_build.songs')") == nil)
  }

  @Test("is made anew when a stage before it ran again")
  func invalidated() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let stages = StageID.allCases.filter { $0 < .publish && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    #expect(await warehouse.run(source, .only([.loadUsers])).outcome == .succeeded)
    #expect(await warehouse.run(source, .only([.publish])).error?.kind == .dependency)
    #expect(await warehouse.run(source, .only([.check])).outcome == .succeeded)
    #expect(await warehouse.run(source, .only([.stageEvents])).outcome == .succeeded)
    for (stage, missing) in [
      (StageID.publish, "it needs check, which has not been done in this build"),
      (.check, "it needs load-users, load-time, load-songplays, which have not been done"),
    ] {
      let report = await warehouse.run(source, .only([stage]))
      #expect(report.error?.kind == .dependency)
      #expect(report.error?.detail?.hasPrefix(missing) == true, "\(report.error?.detail ?? "")")
    }
    let rest = await warehouse.run(source, .from(.loadUsers))
    #expect(rest.outcome == .succeeded, "\(rest.outcome)")
    #expect(try await warehouse.star() == TwoStars.stars().new)
  }

  @Test("loads side by side also when an earlier check tied the tables together")
  func loadsAfterCheck() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let stages = StageID.allCases.filter { $0 < .publish && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    let loads = stages.filter { $0 > .stageSongs }
    for _ in 1...20 {
      let report = await warehouse.run(source, .only(loads))
      #expect(report.outcome == .succeeded, "\(report.outcome)")
    }
  }

  @Test("single stages run in the pipeline's order, in whatever order they are named")
  func order() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let names = StageBlock.stages.filter { $0 != .provision }.map(\.rawValue).reversed()
    let outcome = try await Program.run(["run", "--json"] + names + warehouse.arguments(source))
    #expect(outcome.status == 0, "\(outcome.all)")
    let started = outcome.events.first { $0.name == "run-started" }
    #expect(started?["stages"] as? [String] == names.reversed())
    #expect(try await warehouse.star() == TwoStars.stars().new)
  }

  @Test("is asked of all stages before the first begins: what could not end is not begun")
  func wholeSelection() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let lanes = await warehouse.run(source, .from(.loadUsers))
    #expect(lanes.failedStage == .loadUsers)
    #expect(lanes.stagesStarted == [.loadUsers])
    let stages = StageID.allCases.filter { $0 < .check && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    let report = await warehouse.run(source, .only([.create, .check]))
    #expect(report.failedStage == .check && report.error?.kind == .dependency)
    #expect(report.stagesStarted == [.check])
    #expect(try await warehouse.scalar("SELECT count(*) > 0 FROM sparkify_build.songplays") == "t")
    let recorded = try await RunHistory(warehouse.session).detail(of: 3)
    #expect(recorded?.stages.map(\.state) == [.failed])
    // What the selection makes itself is no obstacle.
    #expect(await warehouse.run(source, .from(.create)).outcome == .succeeded)
  }

  @Test("is asked before sample data is made, and so is the warehouse")
  func noSample() async throws {
    let warehouse = try await TestWarehouse()
    let home = try TemporaryFolder.make() + "/home"
    func run(_ words: String...) async throws -> Program.Outcome {
      try await Program.run(["run"] + words + ["--home", home])
    }
    let away = try await run("--set", "CLUSTER.HOST=/nonexistent")
    #expect(away.status != 0 && away.errors.contains("could not connect"), "\(away.all)")
    for (stages, status) in [(["load-songplays"], 1), (["provision", "create"], 0)] {
      let outcome = try await Program.run(
        ["run"] + stages + warehouse.arguments + ["--home", home])
      #expect(Int(outcome.status) == status, "\(outcome.all)")
    }
    #expect(!FileSystem.exists(home + "/sample"))
  }

  @Test("after publishing there is no build to go on with")
  func published() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    #expect(await warehouse.run(source).outcome == .succeeded)
    let report = await warehouse.run(source, .only([.loadUsers]))
    #expect(
      report.error?.detail == "there is no build: none was begun, or the last one was published")
    #expect(try await warehouse.star() == TwoStars.stars().new)
  }
}

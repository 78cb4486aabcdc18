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
    #expect(await warehouse.run(source, .from(.loadUsers)).outcome == .succeeded)
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

/// Which stages may run beside each other.
public enum Lane: Sendable {
  /// Has the warehouse to itself.
  case alone
  /// Beside the dimensions.
  case fact
  /// Beside the fact; one dimension after the other.
  case dimensions
}

/// What a stage does, as data.
enum StageWork: Sendable, Equatable {
  /// Makes the warehouse ready to be connected to.
  case provision
  /// Packs the sources' records into few equal files.
  case restage
  /// Makes the build schema anew.
  case create
  /// Reads the source's files into a staging table.
  case stage(StagingTable)
  /// Fills a table of the star.
  case load(StarTable)
  /// Verifies the build.
  case check
  /// Puts the build in place of the published star.
  case publish
}

/// One named step of the pipeline.
public struct Stage: Sendable, Equatable, Identifiable {
  /// Its name.
  public let id: StageID
  /// What it does, in one line.
  public let about: String
  /// The stages whose work it needs.
  public let dependencies: [StageID]
  let work: StageWork
  /// Which stages may run beside it.
  public let lane: Lane

  /// The stages of an engine, in order; `teardown` is never among them.
  ///
  /// On Redshift each has the warehouse to itself: the cluster works on one statement with all its
  /// nodes, and two transactions that mark their stages would be in each other's way.
  ///
  /// - Parameter restages: whether restaging is configured; without it there is no such stage.
  public static func all(for engine: Engine, restages: Bool = false) -> [Stage] {
    let stages = usual.filter { restages || $0.id != .restage }
    return switch engine {
    case .postgres: stages
    case .redshift:
      stages.map { stage in
        Stage(
          id: stage.id, about: stage.id == .check ? countedChecks : stage.about,
          dependencies: stage.dependencies, work: stage.work, lane: .alone)
      }
    }
  }

  private static let countedChecks =
    "count keys, orphans, ranges and freshness, and look at the skew"

  static let usual = [
    Stage(
      id: .provision, about: "make the warehouse ready and connect to it", dependencies: [],
      work: .provision, lane: .alone),
    Stage(
      id: .restage, about: "pack the source files into few equal compressed ones",
      dependencies: [], work: .restage, lane: .alone),
    Stage(
      id: .create, about: "make the build schema anew, with all its tables empty",
      dependencies: [], work: .create, lane: .alone),
    Stage(
      id: .stageEvents, about: "read the event files into staging_events",
      dependencies: [.create], work: .stage(.events), lane: .alone),
    Stage(
      id: .stageSongs, about: "read the song files into staging_songs",
      dependencies: [.create], work: .stage(.songs), lane: .alone),
    load(.users, .loadUsers, from: [.stageEvents]),
    load(.songs, .loadSongs, from: [.stageSongs]),
    load(.artists, .loadArtists, from: [.stageSongs]),
    load(.time, .loadTime, from: [.stageEvents]),
    load(.songplays, .loadSongplays, from: [.stageEvents, .stageSongs]),
    Stage(
      id: .check, about: "add the foreign keys and check counts, keys, ranges and freshness",
      dependencies: [.loadUsers, .loadSongs, .loadArtists, .loadTime, .loadSongplays],
      work: .check, lane: .alone),
    Stage(
      id: .publish, about: "put the build in place of the published star, in one transaction",
      dependencies: [.check], work: .publish, lane: .alone),
  ]

  private static func load(_ table: StarTable, _ id: StageID, from sources: [StageID]) -> Stage {
    Stage(
      id: id, about: "fill \(table.name): \(table.about)", dependencies: sources,
      work: .load(table), lane: table == .songplays ? .fact : .dimensions)
  }
}

extension [Stage] {
  /// The stages that a selection takes, in order.
  ///
  /// - Throws: `.usage` when the engine has no such stage.
  func selected(_ selection: StageSelection) throws(WarehouseError) -> [Stage] {
    switch selection {
    case .all: return self
    case .only(let ids):
      for id in ids { try require(id) }
      return filter { ids.contains($0.id) }
    case .from(let first):
      try require(first)
      return Array(drop { $0.id != first })
    }
  }

  /// All stages that need the work of `stage`, directly or not.
  func dependents(of stage: StageID) -> [StageID] {
    var found: Set<StageID> = [stage]
    for candidate in self where !found.isDisjoint(with: candidate.dependencies) {
      found.insert(candidate.id)
    }
    return found.subtracting([stage]).sorted()
  }

  /// Stages that may run side by side stand in one group; groups run one after the other.
  func waves() -> [[Stage]] {
    reduce(into: []) { waves, stage in
      if stage.lane != .alone, waves.last?.first.map({ $0.lane != .alone }) == true {
        waves[waves.count - 1].append(stage)
      } else {
        waves.append([stage])
      }
    }
  }

  private func require(_ id: StageID) throws(WarehouseError) {
    guard !contains(where: { $0.id == id }) else { return }
    throw WarehouseError(
      .usage, "could not run \(id.rawValue)", detail: "this warehouse has no such stage",
      hint: "Its stages are \(map(\.id.rawValue).joined(separator: ", "))."
        + (id == .restage ? " RESTAGE.OUTPUT in the configuration adds restage." : ""))
  }
}

extension StageSelection {
  /// As people say it: "all", "from check", "load-users, check".
  public var title: String {
    switch self {
    case .all: "all"
    case .from(let id): "from \(id.rawValue)"
    case .only(let ids): ids.map(\.rawValue).joined(separator: ", ")
    }
  }
}

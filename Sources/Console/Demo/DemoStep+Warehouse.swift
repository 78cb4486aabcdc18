import Warehouse

extension DemoStep {
  /// The whole walk, in order.
  ///
  /// - Parameter runsPipeline: whether the pipeline is run, or its earlier runs are shown.
  static func all(runsPipeline: Bool) -> [DemoStep] {
    [cluster, sources, profile, runsPipeline ? run : pipeline, check]
      + [star, plays, follow, trace, bars, behind, cities, rhythm, sql, runs, log, end]
  }

  // MARK: From files to a star

  private static let cluster = DemoStep(
    "A warehouse",
    text: { model in
      model.isEmbedded
        ? """
        This PostgreSQL is the program's own: made in its state folder, on a Unix socket only, no \
        account needed. Every setting says where it comes from; the server tells how it is.
        """
        : """
        Every setting says where it comes from and whether it is right. Beside it stands what the \
        server tells of itself, and step by step how far it can be reached.
        """
    },
    moves: [.wait(until: { !$0.connection.isConnecting }), .act(.show(.cluster))],
    waitsFor: "the server's answer",
    isShown: { $0.connection.obstacle == nil && $0.cluster.status.phase == .loaded },
    hasFailed: { $0.connection.error != nil })

  private static let sources = DemoStep(
    "What lies there",
    text: { model in
      model.showsSample
        ? """
        A music service's month: a log file for each day, 100,000 events, and a catalogue of 8,000 \
        songs. All of it is made up. At the right a record as it stands in the file.
        """
        : """
        The files that the configuration names, before anything is loaded: how many, how large, of \
        when. At the right a record as it stands in the file.
        """
    },
    moves: [.act(.show(.sources))], waitsFor: "the list of files",
    isShown: { model in
      let listing = model.sources.source.listing
      return !listing.isIdle && !listing.isLoading && !model.sources.record.page.isLoading
    })

  private static let profile = DemoStep(
    "A look before loading",
    text: { _ in
      """
      A sample of all files is read: the types that occur in each field, NULLs, the widest value \
      against its column, and which records loading would refuse. Nothing is loaded yet.
      """
    },
    moves: [
      .act(.show(.sources)), .wait(until: { !$0.sources.source.listing.isLoading }),
      .act(.sources(.profile)),
    ],
    waitsFor: "the profile", isShown: { $0.sources.source.profile.value != nil },
    hasFailed: { $0.sources.source.profile.error != nil },
    isLeftOut: { $0.sources.source.listing.value?.files.isEmpty ?? true })

  private static let run = DemoStep(
    "From files to a star",
    text: { _ in
      """
      One key runs every stage: events and songs into staging tables, out of these the star with \
      its dimensions. All of it grows beside what readers see, and can be stopped.
      """
    },
    moves: [
      .act(.show(.pipeline)), .wait(until: { !$0.pipeline.descriptions.isEmpty }),
      .act(
        .runAll, if: { !$0.pipeline.isRunning && $0.pipeline.run?.outcome != .succeeded }),
    ],
    waitsFor: "the run to end", isShown: { $0.pipeline.run?.outcome == .succeeded },
    hasFailed: { $0.pipeline.run?.outcome.map { $0 != .succeeded } ?? false })

  /// In place of a run, where somebody's star is published already.
  private static let pipeline = DemoStep(
    "From files to a star",
    text: { _ in
      """
      Stages take files into staging tables, and out of these make the star with its dimensions. \
      One key (a) would run them all; a star is published here, so the demo runs none.
      """
    },
    moves: [.act(.show(.pipeline)), .wait(until: { !$0.pipeline.stages.isLoading })],
    waitsFor: "the stages", isShown: { !$0.pipeline.descriptions.isEmpty })

  private static let check = DemoStep(
    "Checked, then published",
    text: { _ in
      """
      Counts, keys, orphans and duplicates are checked first. Only then does one transaction swap \
      the new star in: readers see the old one or the new one, never half of it.
      """
    },
    moves: toLatestRun + [.again(.right, until: { $0.runs.part == .checks })],
    waitsFor: "the run's record", isShown: { !$0.runs.isLoadingDetail })

  // MARK: The end

  private static let runs = DemoStep(
    "Every run is kept",
    text: { _ in
      """
      Who ran what and when, each stage with rows and seconds, its checks and its rejects: recorded \
      in the warehouse itself. Two that are marked can be seen side by side.
      """
    },
    moves: toLatestRun, waitsFor: "the run's record", isShown: { !$0.runs.isLoadingDetail })

  private static let toLatestRun: [DemoMove] = [
    .act(.show(.runs)), .wait(until: { !$0.runs.page.isLoading }),
    .again(.back, until: { $0.runs.mode == .list && $0.runs.filter?.isEmpty ?? true }),
    .act(.move(.first)), .act(.open),
  ]

  private static let log = DemoStep(
    "Nothing is hidden",
    text: { _ in
      """
      The command log holds every statement that the program sent, with its time and its rows. \
      Secrets never appear in it; Enter shows one in full, and y copies it.
      """
    },
    moves: [.act(.log)], waitsFor: "the log", isShown: { $0.overlays.last?.kind == .log })

  private static let end = DemoStep(
    "Now yours",
    text: { _ in
      """
      "sparkify --set S3.LOG_DATA=DIR --set S3.SONG_DATA=DIR" opens the console on your own files, \
      "sparkify run" with the same options loads them without a screen. ? shows a screen's keys.
      """
    },
    moves: [.act(.show(.pipeline))], waitsFor: "the stages", isShown: { _ in true })
}

extension Model {
  /// Whether the warehouse is the program's own.
  var isEmbedded: Bool {
    if case .ready(let server) = connection { return server.target == "embedded" }
    return demo?.ownsWarehouse ?? false
  }

  /// Whether what is shown is the sample, whose story is known.
  var showsSample: Bool {
    demo?.ownsWarehouse ?? false || sources.source.listing.value?.isSample ?? false
  }

  /// Whether a star was published here.
  var hasPublished: Bool {
    pipeline.descriptions.contains { stage in
      stage.id == .publish && stage.pastRuns.contains { $0.state == .succeeded }
    }
  }
}

extension Connection {
  fileprivate var isConnecting: Bool { if case .connecting = self { true } else { false } }

  fileprivate var error: WarehouseError? {
    if case .failed(let error) = self { error } else { nil }
  }
}

/// Writes the files of a sample, one after the other.
struct SampleWriter {
  private let plan: SamplePlan
  private let folder: String
  private let catalogue: SampleCatalogue
  private let report: @Sendable (SampleProgress) -> Void
  private var texts: SampleEventText
  private var seconds: [UInt16] = []
  private var progress: SampleProgress
  private(set) var summary: SampleSummary

  /// Blocks of this size go to the files.
  private static let blockSize = 1 << 20
  /// Lines of a catalogue file that has many.
  private static let songsPerFile = 25_000

  init(
    _ plan: SamplePlan, folder: String,
    progress report: @escaping @Sendable (SampleProgress) -> Void
  ) {
    self.plan = plan
    self.folder = folder
    self.report = report
    catalogue = SampleCatalogue(plan.options)
    texts = SampleEventText(start: plan.options.start)
    progress = SampleProgress(
      totalSongs: plan.options.songs, totalEvents: plan.options.events)
    summary = SampleSummary(folder: folder)
  }

  // MARK: Songs

  mutating func writeSongs() throws(WarehouseError) {
    try FileSystem.makeFolder(folder + "/song_data")
    if plan.songFiles {
      try writeSongFiles()
    } else {
      try writeSongLines()
    }
    for index in catalogue.songs..<max(catalogue.songs, catalogue.all) {
      let song = SampleSong(index, in: catalogue)
      remember(song, by: artist(of: song), index)
      if index % 4096 == 0 { try Self.checkCancelled() }
    }
    summary.songs = catalogue.songs
  }

  private mutating func writeSongFiles() throws(WarehouseError) {
    var block: [UInt8] = []
    var folders: Set<String> = []
    for index in 0..<catalogue.songs {
      let track = catalogue.track(of: index)
      let parts = track[2...4].map { String(UnicodeScalar($0)) }
      let parent = "\(folder)/song_data/\(parts.joined(separator: "/"))"
      if folders.insert(parent).inserted { try FileSystem.makeFolder(parent) }
      addSong(index, to: &block)
      let file = try SampleFile("\(parent)/\(String(decoding: track, as: UTF8.self)).json")
      summary.songFiles += 1
      try flush(&block, to: file, songs: index + 1)
    }
  }

  private mutating func writeSongLines() throws(WarehouseError) {
    var block: [UInt8] = []
    for start in stride(from: 0, to: catalogue.songs, by: Self.songsPerFile) {
      summary.songFiles += 1
      let file = try SampleFile(
        "\(folder)/song_data/songs-\(summary.songFiles.padded(3)).jsonl")
      let end = min(start + Self.songsPerFile, catalogue.songs)
      for index in start..<end {
        if index > start { block.append(UInt8(ascii: "\n")) }
        addSong(index, to: &block)
        if block.count >= Self.blockSize { try flush(&block, to: file, songs: index + 1) }
      }
      try flush(&block, to: file, songs: end)
    }
  }

  private mutating func addSong(_ index: Int, to block: inout [UInt8]) {
    let song = SampleSong(index, in: catalogue)
    let artist = artist(of: song)
    catalogue.append(song, by: artist, to: &block)
    remember(song, by: artist, index)
  }

  private func artist(of song: SampleSong) -> SampleArtist {
    SampleArtist(song.artist, seed: plan.options.seed, dirt: plan.options.dirt)
  }

  /// Keeps what the events say of a song, in the spelling of the logs.
  private mutating func remember(_ song: SampleSong, by artist: SampleArtist, _ index: Int) {
    var random = SampleRandom(seed: plan.options.seed, .spelling, index)
    let isWrong = random.chance(plan.options.dirt.misdecoded)
    texts.add(
      artist: isWrong ? artist.name.misdecodedTwice : artist.name, isNumber: artist.isNumber,
      title: isWrong ? song.title.misdecodedTwice : song.title, duration: song.duration)
    seconds.append(UInt16(clamping: song.duration / 100_000))
  }

  private mutating func flush(
    _ block: inout [UInt8], to file: borrowing SampleFile, songs: Int
  ) throws(WarehouseError) {
    progress.bytes += block.count
    try file.write(&block)
    progress.songs = songs
    guard !plan.songFiles || songs % 512 == 0 || songs == catalogue.songs else { return }
    try Self.checkCancelled()
    report(progress)
  }

  // MARK: Events

  mutating func writeEvents() throws(WarehouseError) {
    let world = SampleWorld(plan, songs: catalogue.songs, seconds: seconds)
    let gap = plan.options.events.map { world.sessionGap(for: $0) } ?? SampleWorld.sessionGap
    try Self.checkCancelled()
    var crowd = SampleCrowd(world, sessionGap: gap)
    var block: [UInt8] = []
    block.reserveCapacity(Self.blockSize + 4096)
    while let day = crowd.day, !isOver(crowd) {
      try writeDay(day, of: &crowd, &block)
    }
    summary.events = crowd.events
    summary.plays = crowd.plays
    summary.playsOutside = crowd.playsOutside
    summary.users = crowd.users
    summary.sessions = crowd.sessions
    summary.upgrades = crowd.upgrades
    summary.downgrades = crowd.downgrades
    summary.brokenRecords = crowd.broken
    summary.first = crowd.first
    summary.last = crowd.last
    summary.bytes = progress.bytes
  }

  private func isOver(_ crowd: SampleCrowd) -> Bool {
    guard let events = plan.options.events else { return (crowd.day ?? 0) >= plan.days }
    return crowd.events >= events
  }

  private mutating func writeDay(
    _ day: Int, of crowd: inout SampleCrowd, _ block: inout [UInt8]
  ) throws(WarehouseError) {
    let start = plan.options.start.milliseconds
    let date = Timestamp(milliseconds: start + Int64(day) * 86_400_000)
    let month = "\(folder)/log_data/\(date.date.year.padded(4))/\(date.date.month.padded(2))"
    try FileSystem.makeFolder(month)
    let file = try SampleFile("\(month)/\(date.dateText)-events.json")
    summary.logFiles += 1
    var isFirst = true
    let limit = plan.options.events ?? .max
    while crowd.day == day, crowd.events < limit {
      if !isFirst { block.append(UInt8(ascii: "\n")) }
      isFirst = false
      crowd.appendNext(texts, to: &block)
      if block.count >= Self.blockSize { try flush(&block, to: file, crowd) }
    }
    try flush(&block, to: file, crowd)
  }

  private mutating func flush(
    _ block: inout [UInt8], to file: borrowing SampleFile, _ crowd: borrowing SampleCrowd
  ) throws(WarehouseError) {
    progress.bytes += block.count
    try file.write(&block)
    progress.events = crowd.events
    try Self.checkCancelled()
    report(progress)
  }

  // MARK: The rest

  /// The paths of an event's fields, in the order of the staging table's JSON.
  mutating func writeJSONPaths() throws(WarehouseError) {
    let names = [
      "artist", "auth", "firstName", "gender", "itemInSession", "lastName", "length", "level",
      "location", "method", "page", "registration", "sessionId", "song", "status", "ts",
      "userAgent", "userId",
    ]
    let lines = names.map { "        \"$['\($0)']\"" }.joined(separator: ",\n")
    let text = "{\n    \"jsonpaths\": [\n\(lines)\n    ]\n}"
    try FileSystem.write(Array(text.utf8), to: folder + "/log_json_path.json")
    summary.bytes += text.utf8.count
  }

  private static func checkCancelled() throws(WarehouseError) {
    if Task.isCancelled { throw .cancelled }
  }
}

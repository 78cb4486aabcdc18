/// The texts that events are put together from, as they stand in the files.
struct SampleEventText {
  /// All texts, one after the other: one block of memory instead of thousands.
  private var bytes: [UInt8] = []
  /// Where artist, length and title of each song end; the first begins at the first number.
  private var songEnds: [UInt32] = []
  private var firstNames: [Range<Int>] = []
  private var lastNames: [Range<Int>] = []
  private var metros: [Range<Int>] = []
  private var agents: [Range<Int>] = []
  /// By state: level, page and status.
  private var levels: [Range<Int>] = []
  private var pages: [Range<Int>] = []
  private var statuses: [Range<Int>] = []
  private let startSeconds: Int

  private let artist: Range<Int>
  private let loggedOut: Range<Int>
  private let noLastName: Range<Int>
  private let noLocation: Range<Int>
  private let registration: Range<Int>
  private let floatEnd: Range<Int>
  private let noRegistration: Range<Int>
  private let song: Range<Int>
  private let userAgent: Range<Int>
  private let userID: Range<Int>
  private let null: Range<Int>
  private let end: Range<Int>
  private let suffix: Range<Int>

  init(start: Timestamp) {
    var bytes: [UInt8] = []
    func part(_ before: String, json text: String? = nil, _ after: String = "") -> Range<Int> {
      let start = bytes.count
      bytes += Array(before.utf8)
      if let text { bytes.appendJSON(text) }
      bytes += Array(after.utf8)
      return start..<bytes.count
    }
    artist = part("{\"artist\":")
    loggedOut = part(
      ",\"auth\":\"Logged Out\",\"firstName\":null,\"gender\":null,\"itemInSession\":")
    noLastName = part(",\"lastName\":null,\"length\":")
    noLocation = part(",\"location\":null,\"method\":")
    registration = part(",\"registration\":")
    floatEnd = part(".0,\"sessionId\":")
    noRegistration = part("null,\"sessionId\":")
    song = part(",\"song\":")
    userAgent = part(",\"userAgent\":")
    userID = part(",\"userId\":\"")
    null = part("null")
    end = part("\"}")
    // As in the real logs, where every time ends in the same milliseconds.
    suffix = part("796")
    firstNames = SampleWords.firstNames.map {
      part(
        ",\"auth\":\"Logged In\",\"firstName\":", json: $0.name,
        ",\"gender\":\"\($0.gender)\",\"itemInSession\":")
    }
    lastNames = SampleWords.lastNames.map { part(",\"lastName\":", json: $0, ",\"length\":") }
    metros = SamplePlaces.metros.map { part(",\"location\":", json: $0.name, ",\"method\":") }
    agents = SamplePlaces.agents.map { part("", json: $0.text) }
    for state in SampleStates.State.all {
      let page = state.page
      levels.append(part(",\"level\":\"\(state.isPaid ? "paid" : "free")\""))
      pages.append(part("\"\(page.method)\",\"page\":\"\(page.name)\""))
      statuses.append(part(",\"status\":\(page.status),\"ts\":"))
    }
    startSeconds = Int(start.milliseconds / 1000)
    songEnds = [UInt32(bytes.count)]
    self.bytes = bytes
  }

  /// Adds a song; its number is how many there were before.
  mutating func add(artist: String, isNumber: Bool, title: String, duration: Int) {
    if isNumber { bytes += Array(artist.utf8) } else { bytes.appendJSON(artist) }
    songEnds.append(UInt32(bytes.count))
    bytes.appendDecimal(hundredThousandths: duration)
    songEnds.append(UInt32(bytes.count))
    bytes.appendJSON(title)
    songEnds.append(UInt32(bytes.count))
  }

  /// Adds the event that `listener` is about to make, without a line's end.
  func append(_ listener: borrowing SampleListener, user: Int, to line: inout [UInt8]) {
    let state = listener.state
    let code = Int(state.code)
    let isLoggedIn = state.isLoggedIn
    append(artist, to: &line)
    appendPart(0, of: listener, to: &line)
    append(isLoggedIn ? firstNames[listener.firstName] : loggedOut, to: &line)
    line.appendDigits(listener.item)
    append(isLoggedIn ? lastNames[listener.lastName] : noLastName, to: &line)
    appendPart(1, of: listener, to: &line)
    append(levels[code], to: &line)
    append(isLoggedIn ? metros[listener.metro] : noLocation, to: &line)
    append(pages[code], to: &line)
    append(registration, to: &line)
    if isLoggedIn {
      appendTime(listener.registration, to: &line)
      append(floatEnd, to: &line)
    } else {
      append(noRegistration, to: &line)
    }
    line.appendDigits(listener.session)
    append(song, to: &line)
    appendPart(2, of: listener, to: &line)
    append(statuses[code], to: &line)
    appendTime(listener.time, to: &line)
    append(userAgent, to: &line)
    append(isLoggedIn ? agents[listener.agent] : null, to: &line)
    append(userID, to: &line)
    if isLoggedIn { line.appendDigits(user) }
    append(end, to: &line)
  }

  /// Artist, length or title of a play; null on other pages.
  private func appendPart(
    _ part: Int, of listener: borrowing SampleListener, to line: inout [UInt8]
  ) {
    guard listener.state.isPlay else { return append(null, to: &line) }
    let index = Int(listener.song) * 3 + part
    append(Int(songEnds[index])..<Int(songEnds[index + 1]), to: &line)
  }

  private func appendTime(_ seconds: Int, to line: inout [UInt8]) {
    line.appendDigits(startSeconds + seconds)
    append(suffix, to: &line)
  }

  /// Adds a text. A slice would be counted as one more owner of all texts, a dozen times an event.
  private func append(_ text: Range<Int>, to line: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      line.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[text]))
    }
  }
}

import Glibc

/// A user and what they do next.
struct SampleListener {
  /// What the user draws from.
  var random: SampleRandom
  /// Seconds from the start to the next event.
  var time: Int
  /// What the next event is.
  var state: SampleStates.State
  /// The song of the next event, when it is a play.
  var song: UInt32 = 0
  /// How many events this session had before the next one.
  var item = 0
  /// The session; 0 before its first event is written.
  var session = 0
  /// Mean seconds between sessions, as a factor of everybody's.
  let sessionFactor: Double
  /// Mean seconds between requests.
  let requestGap: Double
  /// Seconds from the start after which the user comes back only rarely.
  let lapse: Double
  /// Seconds from the start, mostly before it.
  let registration: Int
  let firstName: Int
  let lastName: Int
  let metro: Int
  let agent: Int
}

/// What all listeners live by.
struct SampleWorld {
  let plan: SamplePlan
  let states = SampleStates()
  let rhythm: SampleRhythm
  /// Whole seconds of each song, those outside the catalogue after those in it.
  let seconds: [UInt16]
  private let inside: AliasTable
  private let outside: AliasTable
  private let metros: AliasTable
  private let agents: AliasTable
  private let window: Double

  /// How far a song's popularity varies: the deviation of its logarithm. It reproduces the real
  /// logs, where Zipf's law does not.
  private static let popularity = 2.2
  /// Mean seconds between sessions, 2.3 days being the real median of users' own means.
  static let sessionGap = 340_000.0
  /// Half an hour passes at least between two sessions of a user.
  private static let shortestGap = 1800.0

  init(_ plan: SamplePlan, songs: Int, seconds: [UInt16]) {
    self.plan = plan
    self.seconds = seconds
    let options = plan.options
    rhythm = SampleRhythm(
      start: options.start, damping: options.damping, weekend: options.weekend)
    window = Double(plan.days) * 86_400
    func weights(_ range: Range<Int>) -> [Double] {
      range.map { index in
        var random = SampleRandom(seed: options.seed, .popularity, index)
        return exp(Self.popularity * random.normal())
      }
    }
    inside = AliasTable(weights(0..<songs))
    outside = AliasTable(weights(songs..<seconds.count))
    metros = AliasTable(SamplePlaces.metros.map(\.weight))
    agents = AliasTable(SamplePlaces.agents.map(\.weight))
  }

  /// A user as they are before their first event.
  func listener(_ index: Int, sessionGap: Double) -> SampleListener {
    let options = plan.options
    var random = SampleRandom(seed: options.seed, .user, index)
    let metro = metros.draw(&random)
    let isLoud = SamplePlaces.metros[metro].name == SamplePlaces.loudMetro
    // At least one user in two is there from the start, the first always.
    let joins = index > 0 && random.chance(options.growth)
    let registration =
      joins
      ? Int(window * random.unit().squareRoot() * 0.98)
      : -86_400 - Int(random.unit() * 13 * 86_400)
    let paid = random.chance(options.paidShare) && !joins
    let loggedIn = random.chance(10.0 / 11) || joins
    let month = 30.0 * 86_400
    var listener = SampleListener(
      random: random, time: 0,
      state: states.first(loggedIn: loggedIn, paid: paid, &random),
      sessionFactor: (isLoud ? 0.15 : 1) * exp(random.normal() - 0.5),
      requestGap: 90 * exp(0.5 * random.normal()),
      lapse: Double(max(0, registration))
        + (options.churn > 0 ? random.exponential(mean: month / options.churn) : .infinity),
      registration: registration,
      firstName: random.below(SampleWords.firstNames.count),
      lastName: random.below(SampleWords.lastNames.count), metro: metro,
      agent: agents.draw(&random))
    listener.random = random
    if joins {
      listener.time = registration + 60 + Int(listener.random.exponential(mean: 300))
      chooseSong(for: &listener)
    } else {
      begin(&listener, after: -Self.shortestGap, sessionGap: sessionGap)
    }
    return listener
  }

  /// Moves a user on from the event that was just written.
  func advance(_ listener: inout SampleListener, sessionGap: Double) {
    let state = listener.state
    guard let next = states.next(after: state, &listener.random) else {
      listener.state = states.first(
        loggedIn: state.isLoggedIn, paid: state.isPaid, &listener.random)
      return begin(&listener, after: Double(listener.time), sessionGap: sessionGap)
    }
    if state.page.isRedirect {
      listener.time += 1
    } else if state.isPlay && next.isPlay {
      listener.time += Int(seconds[Int(listener.song)])
    } else {
      listener.time += 1 + Int(listener.random.exponential(mean: listener.requestGap))
    }
    listener.item += 1
    listener.state = next
    if next.isPlay { chooseSong(for: &listener) }
  }

  /// Plans the first event of the next session.
  private func begin(_ listener: inout SampleListener, after time: Double, sessionGap: Double) {
    var gap = sessionGap * listener.sessionFactor * rhythm.mean
    if time > listener.lapse { gap *= 30 }
    let next = rhythm.next(after: time + Self.shortestGap, gap: gap, &listener.random)
    listener.time = Int(min(next, 2e9))
    listener.item = 0
    listener.session = 0
    if listener.state.isPlay { chooseSong(for: &listener) }
  }

  private func chooseSong(for listener: inout SampleListener) {
    let rise = Double(listener.time) / window * 2.5 - 0.75
    if listener.random.chance(plan.options.outsideShare), outside.count > 0 {
      listener.song = UInt32(inside.count + outside.draw(&listener.random))
    } else if listener.random.chance(plan.options.hit * min(max(rise, 0), 1)) {
      listener.song = 0
    } else {
      listener.song = UInt32(inside.draw(&listener.random))
    }
  }

  // MARK: How often

  /// The mean gap between sessions at which `events` and hardly more happen in the days.
  ///
  /// Found by trying: users depend on nobody else, so a trial is quick, and a part of very many
  /// users will do to begin with. Chance moves the count by more than the gap when there are few
  /// events, so the best of several trials is taken.
  func sessionGap(for events: Int) -> Double {
    var gap = Self.sessionGap
    var best: (gap: Double, total: Int)?
    var effort = 4 * events + 2_000_000
    for attempt in 0..<24 where effort > 0 {
      let step = attempt < 3 ? max(1, plan.users / 2000) : 1
      let sampled = count(every: step, sessionGap: gap, upTo: 4 * events / step + 1000)
      effort -= sampled
      let total = sampled * step
      if total >= events, total < best?.total ?? .max, step == 1 { best = (gap, total) }
      if let best, best.total - events <= events / 150 { break }
      let ratio = Double(total) / (Double(events) * 1.0035)
      gap = max(1, gap * min(max(ratio, 0.05), 4))
    }
    return best?.gap ?? gap * 0.99
  }

  private func count(every step: Int, sessionGap: Double, upTo limit: Int) -> Int {
    let end = plan.days * 86_400
    var total = 0
    for index in stride(from: 0, to: plan.users, by: step) {
      var listener = listener(index, sessionGap: sessionGap)
      while listener.time < end, total < limit {
        total += 1
        advance(&listener, sessionGap: sessionGap)
      }
    }
    return total
  }
}

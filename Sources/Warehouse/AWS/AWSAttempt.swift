/// A call on its way: how often it was tried, and what was done about its failures.
struct AWSAttempt {
  let call: AWSCall
  var region: String
  var count = 0
  /// What the last try was signed with; nil when it was not.
  var signer: AWSCredentials?
  /// What the last repetition cost (`RetryTokens`).
  var paid = 0
  /// What the command log should say of it besides.
  var remark: String?
  private var hasSetClock = false
  private var hasRenewed = false
  private var hasMoved = false

  init(call: AWSCall, region: String) {
    self.call = call
    self.region = region
  }

  /// What comes after a failure.
  enum Step {
    case fail(WarehouseError)
    /// Again after a while; with the error, should there be no more tries.
    case wait(isThrottled: Bool, asked: Duration?, WarehouseError)
    /// Again with a clock that is so many milliseconds ahead.
    case setClock(Int)
    /// Again with new credentials.
    case renewCredentials
    /// Again in this region; nil when it must be asked for.
    case move(String?, WarehouseError)
  }

  func step(after failure: TransportFailure) -> Step {
    let error = WarehouseError(
      .connection, "could not \(call.purpose)", detail: failure.words, hint: failure.hint)
    // What may have been done already is not done again.
    guard failure.isTransient, call.isRepeatable || !failure.mayHaveArrived else {
      return .fail(error)
    }
    return .wait(isThrottled: false, asked: nil, error)
  }

  mutating func step(
    after fault: AWSFault, _ response: HTTPResponse
  ) -> Step {
    let error = fault.error(call.purpose, signedWith: signer, hiding: call.secrets)
    switch fault.nature {
    case .final: return .fail(error)
    case .transient:
      return call.isRepeatable || fault.status == 503
        ? .wait(isThrottled: false, asked: response.askedDelay, error) : .fail(error)
    case .throttling: return .wait(isThrottled: true, asked: response.askedDelay, error)
    case .clock:
      let offset = hasSetClock ? nil : response.clockOffset
      if let offset, abs(offset) >= Self.leastOffset || fault.code != "RequestExpired" {
        hasSetClock = true
        return .setClock(offset)
      }
      return fault.code == "RequestExpired" ? renewal(or: error) : .fail(error)
    case .expired: return renewal(or: error)
    case .region where fault.status == 307 && (fault.region ?? region) == region:
      // A bucket of today, which its region's names do not lead to yet.
      return .wait(isThrottled: false, asked: nil, error)
    case .region:
      guard !hasMoved, call.bucket != nil else { return .fail(error) }
      hasMoved = true
      return .move(fault.region, error)
    }
  }

  /// A clock that is off by less is not what a request expired by, in milliseconds: AWS bears 15
  /// minutes, and EC2 five.
  private static let leastOffset = 240_000

  private mutating func renewal(or error: WarehouseError) -> Step {
    guard !hasRenewed else { return .fail(error) }
    hasRenewed = true
    return .renewCredentials
  }
}

extension HTTPResponse {
  /// How long AWS wants us to wait (`x-amz-retry-after`, in milliseconds).
  fileprivate var askedDelay: Duration? {
    self[header: "x-amz-retry-after"].flatMap { Int($0) }.map { .milliseconds(max(0, $0)) }
  }

  /// How far the server's clock is ahead of ours, in milliseconds, by its `Date`.
  fileprivate var clockOffset: Int? {
    self[header: "date"].flatMap(Timestamp.init(httpDate:)).map {
      Int($0.milliseconds - Timestamp.now().milliseconds)
    }
  }
}

extension Timestamp {
  /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
  init?(httpDate text: String) {
    let words = text.split(separator: " ")
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec"
    guard words.count == 6, let day = Int(words[1]), let year = Int(words[3]),
      let found = months.firstRange(of: words[2])
    else { return nil }
    let month = months.distance(from: months.startIndex, to: found.lowerBound) / 3 + 1
    self.init(year: year, month: month, day: day, clock: words[4])
  }

  /// `2018-11-01T20:57:10Z`, with or without a fraction of a second.
  init?(iso8601 text: String) {
    let halves = text.split(separator: "T")
    guard halves.count == 2, text.hasSuffix("Z") || text.hasSuffix("+00:00") else { return nil }
    let date = halves[0].split(separator: "-").map { Int($0) ?? 0 }
    guard date.count == 3 else { return nil }
    self.init(year: date[0], month: date[1], day: date[2], clock: halves[1].prefix(8))
  }

  /// Days are counted as `date` takes them apart: by eras of 400 years from March of year 0.
  private init?(year: Int, month: Int, day: Int, clock: Substring) {
    let parts = clock.split(separator: ":").compactMap { Int($0) }
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      parts.count == 3, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]),
      (0...60).contains(parts[2])
    else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let seconds = days * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
    self.init(milliseconds: Int64(seconds) * 1000)
  }
}

/// How long a cluster may stand unused: `30 min`, `2h`, `90m`, or `off`.
struct PauseDelay: Equatable {
  /// Nil never pauses.
  let duration: Duration?
  /// As it is shown: "30 min", "2 h", "off".
  let text: String

  /// Nil when `text` is no time, or one outside of 5 minutes to 7 days.
  init?(_ text: String) {
    if OnOff.value(of: text) == false {
      duration = nil
      self.text = "off"
      return
    }
    let scalars = text.unicodeScalars
    let digits = scalars.prefix { ("0"..."9").contains($0) }
    let unit = Array(scalars.dropFirst(digits.count)).trimmed.text.lowercased()
    guard let number = Int(String(digits)), (1...10_080).contains(number),
      let factor = Self.minutes[unit]
    else { return nil }
    let minutes = number * factor
    guard (5...10_080).contains(minutes) else { return nil }
    duration = .seconds(minutes * 60)
    self.text = minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes) min"
  }

  private static let minutes = [
    "m": 1, "min": 1, "minutes": 1, "minute": 1, "h": 60, "hour": 60, "hours": 60, "d": 1440,
    "day": 1440, "days": 1440,
  ]
}

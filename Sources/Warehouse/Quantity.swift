/// Numbers, sizes and times as people read them. Sizes count in thousands, as disks do.
public enum Quantity {
  /// `1,234,567`.
  public static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// `412k`, `1.2M`; three digits at most.
  public static func short(_ number: Double) -> String {
    scaled(number, units: ["", "k", "M", "G", "T"])
  }

  /// `932 MB`.
  public static func bytes(_ count: Int) -> String {
    scaled(Double(count), units: [" B", " kB", " MB", " GB", " TB"])
  }

  /// `602 of 932 MB`, `4 of 4.1 GB`: the unit once where both have the same.
  public static func bytes(_ done: Int, of total: Int) -> String {
    let (part, whole) = (bytes(done).split(separator: " "), bytes(total).split(separator: " "))
    let isSameUnit = part.count == 2 && part.last == whole.last
    return (isSameUnit ? part[0] : part.joined(separator: " ")[...]) + " of " + bytes(total)
  }

  private static func scaled(_ number: Double, units: [String]) -> String {
    guard number.isFinite else { return "?" }
    var value = number
    var unit = 0
    while abs(value) >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let isShort = unit > 0 && abs(value) < 9.95
    return (isShort ? fixed(value, 1) : whole(value))
      + (units.indices.contains(unit) ? units[unit] : "")
  }

  private static func whole(_ value: Double) -> String {
    Int(exactly: value.rounded()).map(String.init) ?? "?"
  }

  /// With so many digits after the point.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    var power = 1
    for _ in 0..<digits { power *= 10 }
    guard let scaled = Int(exactly: (value * Double(power)).rounded()) else { return "?" }
    let fraction = (scaled.magnitude % power.magnitude).padded(digits)
    return (scaled < 0 ? "-" : "") + "\(scaled.magnitude / power.magnitude).\(fraction)"
  }

  /// How long something took: `0.4 ms`, `41 ms`, `4.9 s`, `2 min 5 s`, `3 h 2 min`.
  public static func duration(_ duration: Duration) -> String {
    let milliseconds = duration.milliseconds
    if milliseconds < 10 {
      return fixed(duration / .milliseconds(1), 1) + " ms"
    }
    if milliseconds < 100 { return "\(milliseconds) ms" }
    if milliseconds < 59_950 { return fixed(Double(milliseconds) / 1000, 1) + " s" }
    let seconds = (milliseconds + 500) / 1000
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }

  /// How long something will take, roughly: `~2 s`, `~3 min`.
  public static func estimate(_ duration: Duration) -> String {
    let seconds = max(1, (duration.milliseconds + 500) / 1000)
    if seconds < 100 { return "~\(seconds) s" }
    if seconds < 5400 { return "~\((seconds + 30) / 60) min" }
    return "~\((seconds + 1800) / 3600) h"
  }

  /// A running clock: `00:07`, `1:02:03`.
  public static func clock(_ duration: Duration) -> String {
    let seconds = max(0, duration.milliseconds / 1000)
    let rest = "\((seconds / 60 % 60).padded(2)):\((seconds % 60).padded(2))"
    return seconds < 3600 ? rest : "\(seconds / 3600):\(rest)"
  }

  /// `1 file`, `2 files`.
  public static func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// How long ago: `just now`, `5 min ago`, `3 days ago`.
  public static func ago(_ milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds / 1000)
    switch seconds {
    case ..<60: return "just now"
    case ..<3600: return "\(seconds / 60) min ago"
    case ..<86_400: return "\(seconds / 3600) h ago"
    default: return counted(Int(seconds / 86_400), "day") + " ago"
    }
  }
}

extension Duration {
  /// In whole milliseconds, cut.
  public var milliseconds: Int {
    let parts = components
    return Int(clamping: parts.seconds).multipliedClamping(by: 1000)
      + Int(parts.attoseconds / 1_000_000_000_000_000)
  }

  /// In seconds.
  public var inSeconds: Double { Double(milliseconds) / 1000 }
}

extension Int {
  fileprivate func multipliedClamping(by factor: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    return overflows ? (self < 0 ? .min / 2 : .max / 2) : product
  }
}

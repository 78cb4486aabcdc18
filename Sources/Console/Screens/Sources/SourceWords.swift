import Warehouse

extension SourceProfile {
  /// What was looked at, in words.
  var sample: String {
    let records = Quantity.counted(recordCount, "record")
    if isWhole { return "all \(records) of \(Quantity.counted(fileCount, "file"))" }
    let files = "\(Quantity.count(filesRead)) of \(Quantity.counted(fileCount, "file"))"
    return "a sample: \(records), \(Quantity.bytes(bytesRead)) of \(files)"
      + (isCutByTime ? ", until time was over" : "")
  }

  /// The same in few words.
  var shortSample: String {
    isWhole
      ? "all \(Quantity.counted(recordCount, "record"))"
      : "sample of \(Quantity.counted(recordCount, "record"))"
  }
}

extension SourceInventory {
  /// The figures with their labels.
  func facts(place: String, origin: String, _ isSample: Bool) -> [Fact] {
    var facts = [
      Fact("place", place), Fact("set by", isSample ? "nothing: it is the sample data" : origin),
      Fact("files", Quantity.count(fileCount)),
      Fact("in all", "\(Quantity.bytes(totalBytes)) (\(Quantity.count(totalBytes)) bytes)"),
    ]
    if let sizes {
      facts.append(
        Fact(
          "sizes", "\(Quantity.bytes(sizes.lowerBound)) to \(Quantity.bytes(sizes.upperBound))"))
    }
    if let dates {
      facts.append(
        Fact("changed", "\(dates.lowerBound.minuteText) to \(dates.upperBound.minuteText) UTC"))
    }
    for kind in Compression.allCases {
      if let count = compressed[kind] { facts.append(Fact("\(kind)", Quantity.count(count))) }
    }
    if hiddenCount > 0 {
      let more = hiddenCount > hiddenNames.count ? ", …" : ""
      facts.append(
        Fact(
          "left out",
          "\(Quantity.count(hiddenCount)) that begin with . or _ "
            + "(\(hiddenNames.joined(separator: ", "))\(more))"))
    }
    facts += leftOutBesides.map { Fact("left out", $0) }
    if siblingCount > 0 {
      facts.append(
        Fact(
          "beware",
          "\(Quantity.count(siblingCount)) of them in "
            + "\(siblingNames.joined(separator: ", ")): end the prefix with / to leave them out"))
    }
    return facts
  }

  /// What was left out, in words; empty when nothing was.
  var leftOut: String {
    var parts: [String] = []
    if hiddenCount > 0 { parts.append("\(Quantity.count(hiddenCount)) that begin with . or _") }
    parts += leftOutBesides
    return parts.isEmpty ? "" : "left out: " + parts.joined(separator: ", ")
  }

  /// What was left out besides hidden files, in words.
  private var leftOutBesides: [String] {
    var parts: [String] = []
    if otherCount > 0 { parts.append("\(Quantity.count(otherCount)) of other kinds") }
    if undecodableCount > 0 {
      parts.append("\(Quantity.count(undecodableCount)) whose names are not UTF-8")
    }
    if brokenLinkCount > 0 {
      parts.append("\(Quantity.counted(brokenLinkCount, "link")) to nothing")
    }
    return parts
  }

  /// A prefix that takes in more than was meant, in words; nil when it does not.
  var siblingText: String? {
    guard siblingCount > 0 else { return nil }
    let names = siblingNames.map(FileSystem.name).joined(separator: ", ")
    return "! also matches \(names): end it with /"
  }

  /// When the files were changed: `2018-11-01 – 2018-11-30`.
  var period: String {
    guard let dates else { return "" }
    let (first, last) = (dates.lowerBound.dateText, dates.upperBound.dateText)
    return first == last ? first : "\(first) – \(last)"
  }
}

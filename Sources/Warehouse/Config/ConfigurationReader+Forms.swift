/// The forms that values have: each reads one setting, and says what would be right.
extension ConfigurationReader {
  mutating func read<Value>(
    _ key: ConfigurationKey, standard: Value? = nil, hint: String,
    shown: (Value) -> String = { "\($0)" }, parse: (String) -> Value?
  ) -> Value? {
    guard let setting = layers.setting(key) else {
      if let standard { show(key, shown(standard), .standard) }
      return standard
    }
    let text = setting.value.reveal()
    guard !setting.holdsSecret else {
      // It would be shown, recorded and sent like any other value.
      refuse(setting, hint: "A value that is shown must not refer to a secret.")
      return standard
    }
    guard text.unicodeScalars.allSatisfy(\.isPrintable), let value = parse(text) else {
      refuse(setting, hint: hint)
      return standard
    }
    show(key, shown(value), setting.origin)
    return value
  }

  mutating func text(_ key: ConfigurationKey) -> String? {
    read(key, hint: "Use text on one line, without control characters.") { $0 }
  }

  /// A name that servers repeat in their errors: no connection string with a password in it.
  mutating func name(_ key: ConfigurationKey) -> String? {
    guard let setting = layers.setting(key), !setting.holdsSecret,
      setting.value.reveal().holdsAssignedSecret
    else { return text(key) }
    refuse(setting, hint: "Put the name alone here, and the password into DB_PASSWORD.")
    return nil
  }

  mutating func path(_ key: ConfigurationKey) -> String? {
    guard let setting = layers.setting(key) else { return nil }
    let home = options.homeFolder
    return read(key, hint: "Use the path of a file or folder.") { text in
      text.absolutePath(in: setting.folder, home: home)
    }
  }

  mutating func secret(_ key: ConfigurationKey) -> Secret? {
    guard let setting = layers.setting(key) else { return nil }
    guard !setting.value.reveal().unicodeScalars.contains("\0") else {
      refuse(setting, hint: "Use text without a NUL.")
      return nil
    }
    show(key, Configuration.mask, setting.origin)
    return setting.value
  }

  mutating func number(_ key: ConfigurationKey, in range: ClosedRange<Int>) -> Int? {
    read(key, hint: Self.hint(range), shown: { String($0) }) { Self.number($0, in: range) }
  }

  mutating func number(
    _ key: ConfigurationKey, in range: ClosedRange<Int>, standard: Int
  ) -> Int {
    read(key, standard: standard, hint: Self.hint(range), shown: { String($0) }) { text in
      Self.number(text, in: range)
    } ?? standard
  }

  private static func hint(_ range: ClosedRange<Int>) -> String {
    "Use a whole number from \(range.lowerBound) to \(range.upperBound)."
  }

  private static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
    Int(text).flatMap { range.contains($0) ? $0 : nil }
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ key: ConfigurationKey, standard: Word? = nil
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return read(
      key, standard: standard, hint: "Use \(words.listed).", shown: \.rawValue
    ) { Word(rawValue: $0.lowercased()) }
  }

  mutating func arn(
    _ key: ConfigurationKey, of kind: String, _ example: String
  ) -> String? {
    read(key, hint: "It reads like \(example).") { text in
      text.hasPrefix("arn:aws") && text.contains(":iam::") && text.contains(kind)
        && !text.unicodeScalars.contains(where: \.isBlank) ? text : nil
    }
  }

  mutating func identifier(_ key: ConfigurationKey) -> String? {
    read(key, hint: "Use letters, digits and hyphens, a letter first.") { text in
      let isRight = text.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
          || ("0"..."9").contains(scalar) || scalar == "-"
      }
      return isRight && text.count <= 63 && text.first?.isLetter == true ? text : nil
    }
  }

  mutating func source(_ key: ConfigurationKey, bucket: String?) -> DataLocation? {
    guard let setting = layers.setting(key) else { return nil }
    let home = options.homeFolder
    return read(
      key, hint: "Use s3://bucket/prefix/, or the path of a folder or file.", shown: \.text
    ) { DataLocation($0, folder: setting.folder, home: home, bucket: bucket) }
  }
}

extension [String] {
  /// `a, b or c`.
  fileprivate var listed: String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}

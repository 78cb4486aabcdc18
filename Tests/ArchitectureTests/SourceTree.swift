import Foundation

/// The files of this package as they lie in its folder.
enum SourceTree {
  /// The folder of Package.swift.
  static let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }.path

  /// All files below a folder of the package, by their paths from its root.
  static func files(_ folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: root + "/" + folder)
    return (names?.compactMap { $0 as? String } ?? [])
      .map { folder + "/" + $0 }.filter { !isFolder($0) }.sorted()
  }

  /// The text of a file; nil when it is not UTF-8.
  static func text(_ file: String) -> String? {
    try? String(contentsOfFile: root + "/" + file, encoding: .utf8)
  }

  /// What a Swift file imports, by module.
  static func imports(_ file: String) -> [String] {
    (text(file) ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import") else { return nil }
      let isDeclaration = words[..<place].allSatisfy { word in
        word.hasPrefix("@") || ["public", "internal", "private", "fileprivate"].contains(word)
      }
      guard isDeclaration, let module = words.dropFirst(place + 1).last else { return nil }
      return module.split(separator: ".").first.map(String.init)
    }
  }

  /// The paths in a text that only this machine has: of the folder of the package and of those beside
  /// it, and what is in the user's home.
  static func machinePaths(in text: String) -> [String] {
    // At the root lie the folders that every machine has.
    let siblings = parent == "/" ? [] : names(behind: parent + "/", in: text)
    let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
    let own = home == "/" ? [] : names(behind: home + "/", in: text)
    return siblings.filter(beside.contains).map { parent + "/" + $0 } + own.map { home + "/" + $0 }
  }

  private static let parent = URL(fileURLWithPath: root).deletingLastPathComponent().path
  private static let beside = Set(
    (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [])

  /// The names that stand behind each `prefix` in a text.
  private static func names(behind prefix: String, in text: String) -> [String] {
    text.components(separatedBy: prefix).dropFirst().map { rest in
      String(rest.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) })
    }
  }

  private static func isFolder(_ file: String) -> Bool {
    var answer: ObjCBool = false
    return FileManager.default.fileExists(atPath: root + "/" + file, isDirectory: &answer)
      && answer.boolValue
  }
}

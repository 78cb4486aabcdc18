extension Keymap {
  static let sources: [Binding] = [
    at(
      .screen(.sources), ["p"], .sources(.profile), "profile",
      "Read a sample of all files, or of a place in buckets: types, widths, what would be refused.",
      hint: "profile"),
    at(
      .screen(.sources), ["b"], .sources(.browse), "buckets",
      "Browse the buckets of S3, or go back to the sources.", hint: "buckets"),
    at(
      .screen(.sources), ["o"], .sources(.goTo), "go to a bucket",
      "Browse at an address, s3://bucket/prefix/; without / at its end, at all that begins so."),
    at(
      .screen(.sources), ["a"], .sources(.toggleKeys), "without keys",
      "In buckets: look without keys, as everybody may, or with them again.", hint: "no keys"),
    at(
      .screen(.sources), ["n"], .sources(.nextRecord), "next record",
      "The next record of the file.", hint: "next"),
    at(
      .screen(.sources), ["N"], .sources(.previousRecord), "record before",
      "The record before.", hint: "before"),
    at(
      .screen(.sources), ["s"], .sources(.sort), "sort",
      "Sort the files by path, size or date.", hint: "sort"),
    at(
      .screen(.sources), [.enter], .open, "open",
      "The source in figures, the record as it stands, everything about a field.", hint: "open"),
    at(
      .screen(.sources), ["y"], .copy, "copy", "Copy the path, the record or the line.",
      hint: "copy"),
    at(
      .screen(.sources), ["R"], .sources(.refresh), "refresh",
      "List the files again; in a profile, read the sample again.", hint: "refresh"),
    at(.screen(.sources), [.right, "l"], .right, "next pane", "Go to the next pane."),
    at(.screen(.sources), [.left, "h"], .left, "pane before", "Go to the pane before."),
  ]
}

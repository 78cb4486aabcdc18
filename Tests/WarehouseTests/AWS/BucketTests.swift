import Testing

@testable import Warehouse

/// What is made of listings, and of parts that are fetched ahead. Answers are scripted.
@Suite("Buckets")
struct BucketTests {
  private func list(_ keys: [String], prefix: String) throws -> ObjectListing {
    let contents = keys.map {
      "<Contents><Key>\($0)</Key><Size>2</Size><LastModified>2018-11-01T00:00:00Z</LastModified>"
        + "</Contents>"
    }
    let server = try ScriptedServer([
      ScriptedServer.answer(
        "200 OK",
        "<ListBucketResult>\(contents.joined())<IsTruncated>false</IsTruncated></ListBucketResult>")
    ])
    let client = AWSClient(
      .test(endpoint: "http://127.0.0.1:\(server.port)"), retry: RetryPolicy())
    return try withExtendedLifetime(server) {
      try S3Store(S3Client(client), bucket: "bkt", prefix: prefix).list(Cancellation())
    }
  }

  @Test("addresses are read, written and shortened level by level")
  func places() throws {
    for (text, place, parent) in [
      ("s3://", BucketPlace.account, nil),
      ("s3://bkt", .folder(bucket: "bkt", prefix: ""), "s3://"),
      ("s3://bkt/a/b/", .folder(bucket: "bkt", prefix: "a/b/"), "s3://bkt/a/"),
      ("s3a://bkt/a/b", .folder(bucket: "bkt", prefix: "a/b"), "s3://bkt/a/"),
      ("bkt/a/", .folder(bucket: "bkt", prefix: "a/"), "s3://bkt/"),
    ] as [(String, BucketPlace, String?)] {
      #expect(BucketPlace(text) == place, "\(text)")
      #expect(place.parent?.text == parent, "\(text)")
    }
    #expect(BucketPlace("https://bkt/a") == nil)
    #expect(BucketPlace("s3://b/a") == nil)
    let entry = BucketEntry.folder("s3://bkt/a/b/")
    #expect(entry.name(at: .folder(bucket: "bkt", prefix: "a/")) == "b/")
    #expect(entry.name(at: .folder(bucket: "bkt", prefix: "a/b")) == "b/")
  }

  @Test("a prefix without a slash that takes in its siblings says which")
  func siblings() throws {
    let both = ["song_data/A/a.json", "song_data_old/b.json", "song_data_old/c.json"]
    let listing = try list(both, prefix: "song_data")
    #expect(listing.count == 3)
    #expect(listing.siblings?.count == 2)
    #expect(listing.siblings?.names == ["song_data_old"])
    #expect(try list([both[0]], prefix: "song_data/").siblings == nil)
    // Nothing is called so by itself: the beginning of names is what was meant.
    let begun = try list(["log-01.json", "log-02.json"], prefix: "log-")
    #expect(begun.siblings == nil)
  }

  @Test("hidden names are told by the name that hides")
  func hidden() throws {
    let listing = try list(
      ["d/.ipynb_checkpoints/a.json", "d/_SUCCESS", "d/b.json"], prefix: "d/")
    #expect(listing.hiddenNames == [".ipynb_checkpoints", "_SUCCESS"])
    #expect(listing.map(\.path) == ["s3://bkt/d/b.json"])
  }

  @Test("parts that are fetched ahead come in the order in which they are wanted")
  func readAhead() throws {
    let files = (0..<200).map { (path: "f\($0)", bytes: Array("file \($0)".utf8)) }
    let store = MemoryStore(files: files)
    let listing = try store.list(Cancellation())
    let parts = listing.map { ReadAhead.Part(object: $0, length: $0.size + 1) }
    let ahead = ReadAhead(parts, in: store, width: 16, Cancellation())
    for file in files { #expect(try ahead.next() == file.bytes) }
    #expect(try ahead.next() == nil)
  }
}

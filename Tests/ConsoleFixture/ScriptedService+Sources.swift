#if DEBUG
  @testable import Console
  @testable import Warehouse

  extension ScriptedService {
    func listSource(_ kind: SourceKind) async throws(WarehouseError) -> SourceListing {
      let isEvents = kind == .events
      let names =
        isEvents
        ? (1...30).map { "2018/11/2018-11-\($0 < 10 ? "0" : "")\($0)-events.json" }
        : ["A/B/TRABCEI128F424C983.json"]
      let root = isEvents ? "/data/log_data" : "/data/song_data"
      let files = ObjectListing(
        names.enumerated().map { index, name in
          SourceObject(
            path: root + "/" + name, size: 4000 + index * 997,
            modified: Timestamp(milliseconds: ScriptedHistory.noon), compression: .none)
        })
      return SourceListing(
        path: root, origin: "\(kind.setting.rawValue), dwh.cfg:12", isSample: false,
        files: files, inventory: SourceInventory(files))
    }

    func sourceRecords(
      _ kind: SourceKind, of object: SourceObject, skipping skipped: Int, limit: Int
    ) async throws(WarehouseError) -> RecordPage {
      let records = (skipped..<3).map { index in
        let title = script.isHostile ? "\u{1B}]0;owned\u{7}\u{202E}gnos" : "song \(index)"
        return SampledRecord(
          line: index + 1, byteOffset: index * 100, rawText: "{\"title\":\"…\"}",
          members: [
            SampledMember(name: "title", type: .text, text: title, byteCount: title.utf8.count),
            SampledMember(name: "year", type: .integer, text: "1969", byteCount: 4),
          ], refusedColumn: nil, refusal: nil)
      }
      return RecordPage(skipped: skipped, records: records, hasMore: false)
    }

    func bucketPage(
      of place: BucketPlace, after token: String?, unsigned: Bool
    ) async throws(WarehouseError) -> BucketPage {
      guard case .folder(let bucket, let prefix) = place else {
        return BucketPage(entries: [.bucket("music-lake"), .bucket("scratch")])
      }
      return BucketPage(entries: [.folder("s3://\(bucket)/\(prefix)log_data/")])
    }

    func bucketRecords(
      of object: SourceObject, skipping skipped: Int, limit: Int, unsigned: Bool
    ) async throws(WarehouseError) -> RecordPage {
      RecordPage(skipped: skipped, records: [], hasMore: false)
    }

    func profileBucket(
      _ place: BucketPlace, as kind: SourceKind, unsigned: Bool
    ) async throws(WarehouseError) -> SourceProfile {
      try await profileSource(kind, ObjectListing([]))
    }

    func profileSource(
      _ kind: SourceKind, _ listing: ObjectListing
    ) async throws(WarehouseError) -> SourceProfile {
      var profile = SourceProfile()
      profile.recordCount = 8056
      profile.fileCount = listing.count
      profile.isWhole = true
      return profile
    }
  }
#endif

import Glibc

extension FileSystem {
  /// Removes a folder and all that is in it; one that is not there is fine.
  ///
  /// Links are removed, never followed, also when somebody swaps them in meanwhile.
  public static func removeTree(_ path: String) throws(WarehouseError) {
    let parent = open(parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else {
      if errno == ENOENT { return }
      throw failure("could not remove", path)
    }
    defer { close(parent) }
    guard remove(name(of: path), in: parent) else { throw failure("could not remove", path) }
  }

  /// What a folder and all in it take on the disk, in bytes; 0 for one that is not there.
  ///
  /// What cannot be read, or vanishes meanwhile, is left out.
  public static func diskUsage(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    // st_blocks counts units of 512 bytes, whatever the file system's own are.
    let own = Int(status.st_blocks) * 512
    guard status.st_mode & S_IFMT == S_IFDIR, let names = try? names(in: path) else { return own }
    return names.reduce(own) { $0 + diskUsage(path + "/" + $1) }
  }

  /// The path without links, `.` and `..`; it must exist.
  public static func resolved(_ path: String) throws(WarehouseError) -> String {
    guard let resolved = realpath(path, nil) else { throw failure("could not find", path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Removes one entry of an open folder, its content first; `errno` tells why it failed.
  private static func remove(_ name: String, in folder: Int32) -> Bool {
    if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return true }
    guard errno == EISDIR || errno == EPERM else { return false }
    let descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      return false
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name == "." || name == ".." || remove(name, in: descriptor) else { return false }
    }
    return unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT
  }
}

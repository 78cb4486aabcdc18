import Glibc
import Warehouse

/// A folder of its own for a test, which removes it.
func makeScratchFolder() throws -> String {
  var template = Array("/tmp/sparkify-state-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else {
    throw WarehouseError(.system, "could not make a folder in /tmp")
  }
  return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

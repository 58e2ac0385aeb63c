import Foundation
import TestSupport
import Testing

@testable import Experiments

@Suite("Memory that the machine and its control groups leave")
struct MachineMemoryTests {
  private static let megabyte = 1 << 20

  @Test(
    "the tightest of all limits counts",
    arguments: [
      // Without control groups.
      ([:], 4096),
      // Version 2: the process's own group.
      (
        [
          "proc/self/cgroup": "0::/jobs/one\n",
          "sys/fs/cgroup/jobs/one/memory.max": "1073741824\n",
          "sys/fs/cgroup/jobs/one/memory.current": "104857600\n",
        ], 924
      ),
      // An ancestor's limit, with file pages that can be given up.
      (
        [
          "proc/self/cgroup": "0::/jobs/one\n",
          "sys/fs/cgroup/jobs/one/memory.max": "max\n",
          "sys/fs/cgroup/jobs/memory.max": "536870912\n",
          "sys/fs/cgroup/jobs/memory.current": "209715200\n",
          "sys/fs/cgroup/jobs/memory.stat": "anon 1\ninactive_file 104857600\n",
        ], 412
      ),
      // In a container, whose group is the mount's top.
      (
        [
          "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "268435456\n",
          "sys/fs/cgroup/memory.current": "0\n",
        ], 256
      ),
      // Version 1, with the path of a host that is not mounted here.
      (
        [
          "proc/self/cgroup": "5:cpu,cpuacct:/docker/x\n4:memory:/docker/x\n0::/docker/x\n",
          "sys/fs/cgroup/memory/memory.limit_in_bytes": "2147483648\n",
          "sys/fs/cgroup/memory/memory.usage_in_bytes": "1073741824\n",
          "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 536870912\n",
        ], 1536
      ),
      // Version 1's "no limit".
      (
        [
          "proc/self/cgroup": "4:memory:/\n",
          "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
          "sys/fs/cgroup/memory/memory.usage_in_bytes": "1073741824\n",
        ], 4096
      ),
      // More used than allowed.
      (
        [
          "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1048576\n",
          "sys/fs/cgroup/memory.current": "2097152\n",
        ], 0
      ),
    ] as [([String: String], Int)])
  func limits(files: [String: String], expected: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "MemTotal:       8388608 kB\nMemAvailable:   4194304 kB\n", to: "proc/meminfo")
    for (path, text) in files { try folder.write(text, to: path) }
    #expect(MachineMemory(root: folder.url).available == expected * Self.megabyte)
  }

  @Test("a system that tells nothing has no limit")
  func silent() throws {
    #expect(MachineMemory(root: try TemporaryFolder().url).available == nil)
  }
}

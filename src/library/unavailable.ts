// Builtins that need the outside world. All VMs have them, so that scripts can name them and ask for their type; what they
// do is in the part of the system a VM was given (boxelder/node, or a host's own), and calling one it was not given says so.

import type { NativeInfo } from "../vm/native.ts";
import { native } from "./arguments.ts";

/** Names by the capability they need. Images hold places in this list: append only. */
export const OUTSIDE: { readonly [capability: string]: string } = {
  "file system": "open __exists __is_file __is_dir __read_file __write_file __append_file __copy_file __remove_file __rename __make_dir __remove_dir __list_dir __file_stat __cwd __chdir __absolute_path __dirent_name file.read file.read_bytes file.write file.write_bytes file.seek file.tell file.close",
  process: "exec exec_argv get_pid __get_pid __exec __getppid __getuid __geteuid __getgid __getegid __kill __fork __wait __waitpid __abort",
  environment: "getenv setenv unsetenv __getenv __setenv __unsetenv",
  clock: "__now __time_ms __clock __localtime __gmtime __mktime __strftime",
  network: "socket_create dns_resolve poll __lws_http_get __lws_http_post __lws_http_request __lws_response_status __lws_response_body __lws_response_headers __lws_response_free __lws_response_redirect __lws_ws_connect __lws_ws_send_text __lws_ws_send_binary __lws_ws_recv __lws_ws_close __lws_ws_is_closed __lws_msg_type __lws_msg_text __lws_msg_len __lws_msg_free __lws_ws_server_create __lws_ws_server_accept __lws_ws_server_close socket.bind socket.listen socket.accept socket.connect socket.send socket.recv socket.sendto socket.recvfrom socket.setsockopt socket.set_timeout socket.set_nonblocking socket.close",
  "foreign function": "callback callback_free",
  "system information": "__platform __arch __os_name __os_version __hostname __username __homedir __tmpdir __cpu_count __total_memory __free_memory __uptime",
  digest: "__sha256 __sha512 __md5 __crc32 __adler32 __zlib_compress __zlib_decompress __gzip_compress __gzip_decompress __zlib_compress_bound",
  cryptography: "__ecdsa_generate_key __ecdsa_free_key __ecdsa_sign __ecdsa_verify __random_bytes __aes_encrypt __aes_decrypt __rsa_generate_key __rsa_sign __rsa_verify",
  database: "__sqlite_open __sqlite_close __sqlite_check __sqlite_query __sqlite_run __sqlite_error",
};

/** What capabilities got later: it stands behind everything else. */
export const OUTSIDE_LATER: { readonly [capability: string]: string } = { "foreign function": "ffi_open ffi_close $foreign_bind $foreign_call", network: "__lws_response_body_binary __lws_ws_server_port" };

const outside = (name: string, capability: string): NativeInfo =>
  native(name, 0, -1, `needs the ${capability} capability`, (vm, base, argc) => {
    const given = vm.system.get(name);
    if (given === undefined) return vm.throwError(`'${name.replace("$foreign", "ffi")}' needs the ${capability} capability, which this VM was not given`);
    // What was done outside is done: the instruction cannot be done again.
    const { canInterrupt } = vm;
    vm.canInterrupt = false;
    try {
      return given(vm, base, argc);
    } finally {
      vm.canInterrupt = canInterrupt;
    }
  });

/** The rows of the capabilities from one on, up to another. */
const rows = (from: number, to?: number, all = OUTSIDE): NativeInfo[] => Object.entries(all).slice(from, to).flatMap(([capability, names]) => names.split(" ").map((name) => outside(name, capability)));

/** Where natives stand that once needed a capability: in front of the digests. */
const DIGESTS = Object.keys(OUTSIDE).indexOf("digest");
export const UNAVAILABLE: readonly NativeInfo[] = rows(0, DIGESTS);
export const UNAVAILABLE_REST: readonly NativeInfo[] = rows(DIGESTS);
export const UNAVAILABLE_LATER: readonly NativeInfo[] = rows(0, undefined, OUTSIDE_LATER);

// Constants that scripts see as plain global values: whole numbers as i32, the others as f64. The numbers of signals,
// sockets and poll are those of Linux.

export const CONSTANTS: { readonly [name: string]: number } = {
  __PI: Math.PI, __E: Math.E, __TAU: 2 * Math.PI, __INF: Infinity, __NAN: NaN,
  SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGUSR1: 10, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15, SIGCHLD: 17,
  SIGCONT: 18, SIGSTOP: 19, SIGTSTP: 20, SIGTTIN: 21, SIGTTOU: 22,
  AF_INET: 2, AF_INET6: 10, SOCK_STREAM: 1, SOCK_DGRAM: 2, IPPROTO_TCP: 6, IPPROTO_UDP: 17, SOL_SOCKET: 1, SO_REUSEADDR: 2,
  SO_KEEPALIVE: 9, SO_RCVTIMEO: 20, SO_SNDTIMEO: 21,
  POLLIN: 1, POLLPRI: 2, POLLOUT: 4, POLLERR: 8, POLLHUP: 16, POLLNVAL: 32,
};

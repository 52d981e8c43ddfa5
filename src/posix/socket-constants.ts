/* Numbers of the sockets' calls, on all architectures that Linux has but Alpha, MIPS, PA-RISC and SPARC (socket(7), send(2)). */

export const SOL_SOCKET = 1;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;

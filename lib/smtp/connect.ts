import { connect, type Socket } from 'node:net';

/** @throws the kernel's error, with its `code`; ETIMEDOUT also where nothing came within these milliseconds */
export function openConnection(address: string, port: number, milliseconds: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address);
    const timer = setTimeout(() => {
      const error = new Error(`no answer within ${milliseconds / 1000} s`);
      socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    }, milliseconds);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

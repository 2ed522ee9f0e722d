/** Set in the browser's storage while a session of the server still has to be ended: somebody left without a network, or the phone was wiped. */
export const LEFT_KEY = 'xiangyi.station.left';

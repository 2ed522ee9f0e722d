/** Names of codes that the county may add to (carriers, kinds of events, modes): the known ones in words, others as they are. */
import { useI18n } from 'vue-i18n';

/** Looks names up under a group of messages; call it in `setup`. */
export function useNames() {
  const { t, te } = useI18n();
  const nameIn = (group: string) => (code: string) => (te(`${group}.${code}`) ? t(`${group}.${code}`) : code);
  return {
    carrier: (code: string | null | undefined) => (code ? nameIn('carrier')(code) : t('carrier.unknown')),
    event: nameIn('kind'),
    mode: nameIn('serviceMode'),
    reason: nameIn('candidateReason'),
  };
}

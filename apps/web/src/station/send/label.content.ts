/** What is printed on a parcel from a record that this phone made: names, phones and room hidden as GB/T 41833 asks. Pure. */
import { maskAddress, maskName, maskPhone, type ConsignmentLabel, type ConsignmentRecord } from '#contracts';

/** What the label shows; the county's answer has the same form. */
export type LabelContent = Pick<
  ConsignmentLabel,
  | 'waybill'
  | 'carrierCode'
  | 'stationName'
  | 'acceptedAt'
  | 'sender'
  | 'receiver'
  | 'contents'
  | 'weightG'
  | 'inspected'
  | 'securityCheck'
>;

const masked = ({ name, phone }: { name: string; phone: string }) => ({ name: maskName(name), phone: maskPhone(phone) });

/** The label of a record that the county may not have yet. */
export function labelOf(record: ConsignmentRecord, stationName: string): LabelContent {
  const { waybill, carrierCode, occurredAt, sender, receiver, contents, weightG, inspected, securityCheck } = record;
  return {
    waybill,
    carrierCode,
    stationName,
    acceptedAt: occurredAt,
    sender: masked(sender),
    receiver: { ...masked(receiver), address: { ...receiver.address, detail: maskAddress(receiver.address.detail) } },
    contents,
    weightG,
    inspected,
    securityCheck,
  };
}

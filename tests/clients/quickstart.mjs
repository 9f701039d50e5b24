import LinqAPIV3 from '@linqapp/sdk';

const client = new LinqAPIV3();
const { phone_numbers: lines } = await client.phoneNumbers.list();
const hello = { parts: [{ type: 'text', value: 'We open at nine.' }] };
const { chat } = await client.chats.create({ from: lines[0].phone_number, to: ['+12025550123'], message: hello });
console.log(chat.id, chat.message.delivery_status);

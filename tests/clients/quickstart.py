from linq import LinqAPIV3

client = LinqAPIV3()
line = client.phone_numbers.list().phone_numbers[0].phone_number
hello = {"parts": [{"type": "text", "value": "We open at nine."}]}
created = client.chats.create(from_=line, to=["+12025550123"], message=hello)
print(created.chat.id, created.chat.message.delivery_status)

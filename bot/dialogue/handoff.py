from bot.dialogue.conversation import answer_yes_or_no, say
talk_to_peer=choose_theme=consent=wait_time=end_human_chat=rate_talk=join_peers=take_request=set_duty=stop_all=say

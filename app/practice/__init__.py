"""The practice network: Facebook Pages and Instagram profiles that nobody outside can see.

What Meta leaves open can be chosen, so that a client is tried under every answer. By the control API
(`/control/api/…`, `Authorization: Bearer <control token>`):

    what is not known                                   how it is chosen
 1  showing what is public; the time of a shown post    switches show_answer, shown_created_time
 2  publishing a container again, or twice at once      switches second_publish, simultaneous_publish,
                                                        publish_seconds
 3  an answer lost before or after the deed             script: code_2, code_1_99, http_502, closed, timeout;
                                                        moment before, after, late
 4  2207085 though published; a status that lags        script: fatal, moment after; switch status_lag_seconds
 5  hidden photos after 24 hours; used photos           switches hidden_photos_vanish, photo_reuse
 6  drafts                                              switch draft_answer
 7  the daily quota; how far ahead one may plan         switches quota_total, quota_used,
                                                        schedule_ceiling_days
 8  numbers that are dead, empty, late; story numbers   switches dead_metrics, insights_answer,
                                                        insights_delay_hours, story_viewers
 9  dead tokens, lost permissions, lapsed data access   switches token_error, withdrawn, permission_code,
                                                        data_access_expired, instagram_after_data_access;
                                                        tokens/end, permissions, roles
10  limits and blocks                                   switches usage_percent, usage_rise, limit_code,
                                                        regain_minutes, blocked; limits
11  fresh objects, odd pages, gone comments, nulls      switches fresh_seconds, list_pages, batch_null_every,
                                                        comment_lag_seconds; objects/<id>
12  dead versions, ?ids=                                the clock; always refused
13  files fetched for real                              switches image_checks, video_checks, fetch_seconds,
                                                        video_fetch_seconds
14  reels: late, failed, cut, finished twice            switches video_processing_seconds, reel_live_seconds,
                                                        video_end, second_finish, draft_finish;
                                                        script: cut_midway

Beside these: outage (the whole network is away), hang_seconds, list lags, and what colleagues do by hand, now
(posts, media, reels, stories) or long before the Page was connected (past; so many hours ago); followers.
Everything that the public sees is in the public log, whatever our own records say.
"""

//! Words of the data model: stages, kinds, states, by the words of the API.

words! {
    NOT_REACHED "后端连不上", "the backend cannot be reached";
    TIMED_OUT "后端没有及时回答", "the backend did not answer in time";
    NOT_TRUSTED "后端的证书不可信", "the backend's certificate is not trusted";
    REFUSED "后端不认这个令牌", "the backend refuses the token";
    FORBIDDEN "后端不允许", "the backend does not allow it";
    LIMITED "后端请求过多，稍后再试", "the backend has too many requests";
    FAILED "后端出错", "the backend failed";
    NOT_UNDERSTOOD "看不懂后端的回答", "the backend's answer makes no sense";
    MISCONFIGURED "配置有误", "the configuration is wrong";
    NOT_STORED "缓存写不进", "the cache takes nothing";
    /// Lifecycle stages.
    table STAGES {
        lead "潜客", "Lead";
        new "新客", "New";
        active "老客", "Active";
        dormant "沉睡", "Dormant";
        lost "流失", "Lost";
    }
    /// Kinds of event.
    table EVENTS {
        message_in "来信", "in";
        message_out "回复", "out";
        call "通话", "call";
        note "备注", "note";
        tag "标签", "tag";
        stage "阶段", "stage";
        order "订单", "order";
        joined "加入", "joined";
        left "退出", "left";
        check_in "打卡", "check-in";
        coupon "优惠券", "coupon";
        points "积分", "points";
        feedback "反馈", "feedback";
        referral "转介绍", "referral";
        broadcast "群发", "broadcast";
    }
    /// What the timeline can be filtered by: kinds of event taken together.
    table TIMELINE {
        all "全部", "all";
        messages "消息", "messages";
        calls "通话", "calls";
        notes "备注", "notes";
        orders "订单", "orders";
        groups "群", "groups";
        system "系统", "system";
    }
    /// Means of a follow-up.
    table FOLLOW_UPS {
        call "电话", "call";
        message "消息", "message";
        visit "拜访", "visit";
        care "关怀", "care";
        after_sale "售后", "after-sale";
        renewal "续费", "renewal";
        other "其他", "other";
    }
    /// How much a follow-up matters.
    table PRIORITIES {
        low "低", "low";
        normal "普通", "normal";
        high "高", "high";
        urgent "紧急", "urgent";
    }
    /// Where a follow-up stands.
    table STATUSES {
        open "待办", "open";
        doing "进行中", "doing";
        done "完成", "done";
        cancelled "取消", "cancelled";
    }
    /// Kinds of source of a follow-up: what stands before its colon.
    table SOURCES {
        manual "手动", "by hand";
        sop "SOP", "SOP";
        rule "规则", "rule";
    }
    /// Results of a contact.
    table OUTCOMES {
        won "成交", "won";
        interested "有意向", "interested";
        not_interested "无意向", "not interested";
        no_answer "未接", "no answer";
        invalid "空号", "wrong number";
        appointment "约时间", "appointment";
        call_later "约时间", "call later";
        wrong_number "空号", "wrong number";
    }
    /// Where a write stands, in the outbox.
    table OUTBOX {
        queued "待发", "queued";
        sending "发送中", "sending";
        done "已送达", "done";
        failed "被拒", "failed";
        conflict "冲突", "conflict";
        unknown "待查证", "unknown";
    }
    /// Where a change stands that is not at the backend yet.
    table WRITES {
        queued "改动待发送", "change not sent yet";
        sending "改动发送中", "change on its way";
        unknown "改动是否送达未知", "change sent, no answer";
        failed "改动被拒绝", "change refused";
        conflict "与他人的改动冲突", "change conflicts with another one";
        kept "只存在本机", "kept here only";
    }
    /// Whether operator and customer are still friends.
    table RELATIONS {
        active "好友", "friends";
        removed_by_customer "被客户删除", "removed by the customer";
        removed_by_operator "已删除客户", "removed by us";
        blocked "被拉黑", "blocked";
    }
    /// Who a member of a group is.
    table MEMBERS {
        customer "客户", "customer";
        staff "员工", "staff";
        stranger "非好友", "stranger";
    }
    /// How somebody came.
    table SCENES {
        qr_code "扫码", "QR code";
        invite "邀请", "invited";
        link "链接", "link";
        search "搜索", "search";
        card "名片", "card";
        group "群", "group";
        inherited "继承", "inherited";
        referral "转介绍", "referral";
    }
    /// Kinds of activity in a group.
    table ACTIVITIES {
        check_in "打卡", "check-in";
        lottery "抽奖", "lottery";
        topic "话题", "topic";
        poll "投票", "poll";
        sale "团购", "sale";
        lesson "直播课", "lesson";
    }
    /// States of a group.
    table GROUPS {
        active "正常", "active";
        dissolved "已解散", "dissolved";
    }
    /// Genders.
    table GENDERS {
        male "男", "male";
        female "女", "female";
    }
    /// Kinds of record, as the sync and `siyu doctor` tell of them.
    table RESOURCES {
        customers "客户", "customers";
        tags "标签", "tags";
        tag_groups "标签组", "tag groups";
        groups "客户群", "groups";
        group_members "群成员", "group members";
        group_days "群日报", "group days";
        group_activities "群活动", "group activities";
        follow_ups "跟进", "follow-ups";
        events "动态", "events";
        orders "订单", "orders";
        operators "员工", "operators";
        snippets "话术", "snippets";
        broadcasts "群发", "broadcasts";
    }
}
